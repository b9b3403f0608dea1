/// Compares two JSON texts value by value: what was added, removed, changed or moved, and at which path.
///
/// Numbers and strings are compared as sent. It does not recurse, and its time grows as that of sorting the values, so
/// that neither depth nor length nor equal elements make it slow.
public struct JSONComparison {
  /// How many tokens a text may have: each takes some fifty bytes while it is compared.
  public static let tokenLimit = 500_000

  /// A value on either side that differs, or an object or array that is gone through.
  private enum Step {
    case pair(Int, Int, JSONPath.Step)
    case removed(Int, JSONPath.Step)
    case added(Int, JSONPath.Step)
    case moved(Difference.Note, JSONPath.Step)
  }

  /// What is left to be done in an object or array, the last first.
  private struct Frame {
    var steps: [Step]
  }

  private let left: JSONOutline
  private let right: JSONOutline
  private let leftHashes: [Int]
  private let rightHashes: [Int]
  private var path = JSONPath()
  private var frames: [Frame] = []
  private var found = Differences()

  private init(_ left: JSONOutline, _ right: JSONOutline) {
    (self.left, self.right) = (left, right)
    (leftHashes, rightHashes) = (left.hashes, right.hashes)
  }

  /// Returns the differences of two texts, or nil once nobody waits for them any more.
  public static func differences(
    _ left: JSONOutline, _ right: JSONOutline, isCancelled: () -> Bool = { false }
  ) -> Differences? {
    var comparison = JSONComparison(left, right)
    guard !left.tokens.isEmpty, !right.tokens.isEmpty else { return comparison.found }
    comparison.compare(0, 0)
    var count = 0
    while let step = comparison.next() {
      count += 1
      guard count % 1024 > 0 || !isCancelled() else { return nil }
      comparison.take(step)
    }
    return comparison.found
  }

  /// The next step, and the way back out of what has been gone through.
  private mutating func next() -> Step? {
    while !frames.isEmpty {
      if let step = frames[frames.count - 1].steps.popLast() { return step }
      frames.removeLast()
      // The outermost value has no step of its own.
      if !frames.isEmpty { path.steps.removeLast() }
    }
    return nil
  }

  private mutating func take(_ step: Step) {
    switch step {
    case .pair(let one, let other, let place):
      path.steps.append(place)
      // What is gone through leaves its step on the path until its end.
      if !compare(one, other) { path.steps.removeLast() }
    case .removed(let one, let place):
      let path = path
      found.add(.removed) { [left] in
        Difference(.removed, path.text(to: place), left: Excerpt(of: left.bytes(ofValueAt: one)))
      }
    case .added(let other, let place):
      let path = path
      found.add(.added) { [right] in
        Difference(.added, path.text(to: place), right: Excerpt(of: right.bytes(ofValueAt: other)))
      }
    case .moved(let note, let place):
      let path = path
      found.add(.moved) { Difference(.moved, path.text(to: place), note: note) }
    }
  }

  /// Compares two values; true if they are to be gone through.
  @discardableResult
  private mutating func compare(_ one: Int, _ other: Int) -> Bool {
    guard leftHashes[one] != rightHashes[other] else { return false }
    switch (left.tokens[one].kind, right.tokens[other].kind) {
    case (.beginObject, .beginObject): frames.append(Frame(steps: members(one, other).reversed()))
    case (.beginArray, .beginArray): frames.append(Frame(steps: elements(one, other).reversed()))
    case (let kind, let otherKind):
      let (before, after) = (left.bytes(ofValueAt: one), right.bytes(ofValueAt: other))
      let path = path
      found.add(.changed) { [left, right] in
        let note: Difference.Note? =
          switch (kind, otherKind) {
          case (.number, .number): JSONNumber.note(before, after)
          case (.string, .string): left.text(at: one) == right.text(at: other) ? .sameText : nil
          default: nil
          }
        return .change(at: path.text, from: before, to: after, note: note)
      }
      return false
    }
    return true
  }
}

extension JSONComparison {
  /// What differs between two objects, by the left one's order.
  private func members(_ one: Int, _ other: Int) -> [Step] {
    let (keys, otherKeys) = (left.keys(ofObjectAt: one), right.keys(ofObjectAt: other))
    let alignment = Alignment(
      keys.map { left.tokens[$0].content(of: left.body) },
      otherKeys.map { right.tokens[$0].content(of: right.body) })
    var steps: [Step] = []
    var gone = alignment.onlyLeft[...]
    func addGone(before place: Int) {
      while let first = gone.first, first < place {
        steps.append(.removed(keys[first] + 1, .key(left.bytes(ofValueAt: keys[first]))))
        gone.removeFirst()
      }
    }
    for pair in alignment.pairs {
      addGone(before: pair.left)
      let (key, otherKey) = (keys[pair.left], otherKeys[pair.right])
      let step = JSONPath.Step.key(left.bytes(ofValueAt: key))
      if pair.isMoved { steps.append(.moved(.place(left: pair.left + 1, right: pair.right + 1), step)) }
      if leftHashes[key + 1] != rightHashes[otherKey + 1] { steps.append(.pair(key + 1, otherKey + 1, step)) }
    }
    addGone(before: .max)
    return steps
      + alignment.onlyRight.map {
        .added(otherKeys[$0] + 1, .key(right.bytes(ofValueAt: otherKeys[$0])))
      }
  }

  /// What differs between two arrays: between elements that are in both, those that stand alone are compared in order.
  private func elements(_ one: Int, _ other: Int) -> [Step] {
    let (values, otherValues) = (left.elements(ofArrayAt: one), right.elements(ofArrayAt: other))
    let alignment = Alignment(values.map { leftHashes[$0] }, otherValues.map { rightHashes[$0] })
    var steps: [Step] = []
    var (gone, come) = (alignment.onlyLeft[...], alignment.onlyRight[...])
    func closeGap(_ place: Int, _ otherPlace: Int) {
      while let first = gone.first, first < place {
        gone.removeFirst()
        if let second = come.first, second < otherPlace {
          come.removeFirst()
          steps.append(.pair(values[first], otherValues[second], .index(first)))
        } else {
          steps.append(.removed(values[first], .index(first)))
        }
      }
      while let second = come.first, second < otherPlace {
        come.removeFirst()
        steps.append(.added(otherValues[second], .index(second)))
      }
    }
    for pair in alignment.pairs where !pair.isMoved { closeGap(pair.left, pair.right) }
    closeGap(.max, .max)
    return steps
      + alignment.pairs.filter(\.isMoved).map {
        .moved(.place(left: $0.left + 1, right: $0.right + 1), .index($0.left))
      }
  }
}

extension JSONOutline {
  /// The bytes of the value or the key at `index`, as sent.
  fileprivate func bytes(ofValueAt index: Int) -> ByteString { ByteString(body, in: range(ofValueAt: index)) }

  /// The indices of the elements of the array that opens at `index`.
  fileprivate func elements(ofArrayAt index: Int) -> [Int] {
    var elements: [Int] = []
    var at = index + 1
    while at < end(of: index) {
      elements.append(at)
      at = end(of: at) + 1
    }
    return elements
  }

  /// A hash of each value's tokens as sent, keyed at random in each run: values with equal hashes count as equal.
  /// Among a million values the odds that two others share one are 1 in 30,000,000, and a sender can't better them.
  fileprivate var hashes: [Int] {
    var hashes = [Int](repeating: 0, count: tokens.count)
    var open: [(index: Int, hasher: Hasher)] = []
    for (index, token) in tokens.enumerated() {
      var hasher = Hasher()
      hasher.combine(token.kind)
      if token.kind.isOpening {
        open.append((index, hasher))
        continue
      }
      let value: Int
      if token.kind.isClosing, let container = open.popLast() {
        value = container.hasher.finalize()
        hashes[container.index] = value
      } else {
        hasher.combine(ByteString(body, in: token.range))
        value = hasher.finalize()
        hashes[index] = value
      }
      if !open.isEmpty { open[open.count - 1].hasher.combine(value) }
    }
    return hashes
  }
}
