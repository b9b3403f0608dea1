internal import JSON

/// Line ends that were taken out of a document, or replaced by spaces, as `curl -d @file` and `readLine` do.
enum LostLines {
  /// The body without its line ends; nil if it has none.
  static func applied(to body: [UInt8]) -> [UInt8]? {
    let lost = body.filter { $0 != 0x0A && $0 != 0x0D }
    return lost.count < body.count ? lost : nil
  }

  /// Where a line end belongs in a run of spaces.
  private enum Place: CaseIterable {
    case before, inPlaceOfFirst, afterFirst, inPlaceOfAll
  }

  /// Hands each body that `body` may have been with its line ends to `visit`, until that says to stop.
  static func visit(_ body: [UInt8], _ visit: ([UInt8]) -> Bool) -> Bool {
    guard !body.contains(0x0A), body.first == UInt8(ascii: "{") || body.first == UInt8(ascii: "[") else {
      return false
    }
    for end: [UInt8] in [[0x0A], [0x0D, 0x0A]] {
      if IndentedLines.visit(body, end, visit) { return true }
    }
    for end: [UInt8] in [[0x0A], [0x0D, 0x0A]] {
      if visitRuns(body, end, visit) || visitElements(body, end, visit) { return true }
    }
    return false
  }

  private static func visitRuns(_ body: [UInt8], _ end: [UInt8], _ visit: ([UInt8]) -> Bool) -> Bool {
    let last = body.reversed().prefix { $0 == 0x20 }.count
    let runs = runs(in: body.dropLast(last))
    guard !runs.isEmpty else { return false }
    for first in Place.allCases {
      for rest in Place.allCases {
        var text: [UInt8] = []
        var copied = 0
        for (index, run) in runs.enumerated() {
          text += body[copied..<run.lowerBound]
          text += written(run.count, end, index == 0 ? first : rest)
          copied = run.upperBound
        }
        text += body[copied..<body.count - last]
        let spaces = [UInt8](repeating: 0x20, count: last)
        let tails = [spaces, spaces + end, Array(spaces.dropLast()) + end, end, []]
        if tails.contains(where: { visit(text + $0) }) { return true }
      }
    }
    return false
  }

  private static func written(_ count: Int, _ end: [UInt8], _ place: Place) -> [UInt8] {
    let spaces = [UInt8](repeating: 0x20, count: count)
    return switch place {
    case .before: end + spaces
    case .inPlaceOfFirst: end + spaces.dropFirst()
    case .afterFirst: [0x20] + end + spaces.dropFirst()
    case .inPlaceOfAll: end
    }
  }

  /// The runs of two spaces or more that stand outside of strings.
  private static func runs(in body: ArraySlice<UInt8>) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    var isString = false
    var at = body.startIndex
    while at < body.endIndex {
      if isString, body[at] == 0x5C { at += 1 } else if body[at] == 0x22 { isString.toggle() }
      let start = at
      while !isString, at < body.endIndex, body[at] == 0x20 { at += 1 }
      if at - start >= 2 { runs.append(start..<at) }
      if at == start { at += 1 }
    }
    return runs
  }

  /// One element of the outermost array on each line.
  private static func visitElements(_ body: [UInt8], _ end: [UInt8], _ visit: ([UInt8]) -> Bool) -> Bool {
    guard body.first == UInt8(ascii: "["), let commas = commas(in: body), !commas.isEmpty else {
      return false
    }
    let close = body.lastIndex(of: UInt8(ascii: "]")) ?? body.count - 1
    let none: [UInt8] = []
    for isBefore in [false, true] {
      for (open, shut) in [(none, none), (end, end), (none, end), (end, none)] {
        var text = [UInt8(ascii: "[")] + open
        var copied = 1
        for comma in commas {
          text += body[copied..<comma] + (isBefore ? end + [0x2C] : [0x2C] + end)
          copied = comma + 1
        }
        text += body[copied..<close] + shut + body[close...]
        if visit(text) || visit(text + end) { return true }
      }
    }
    return false
  }

  /// The commas between the elements of the outermost array; nil if it is too deep or no JSON.
  private static func commas(in body: [UInt8]) -> [Int]? {
    var lexer = JSONLexer(maximumDepth: .max)
    var depth = 0
    var commas: [Int] = []
    do throws(JSONFault) {
      while let token = try lexer.step(in: body.span, separators: true) {
        if token.kind.isClosing { depth -= 1 }
        if [.beginObject, .beginArray].contains(token.kind) { depth += 1 }
        if token.kind == .comma, depth == 1 { commas.append(token.start) }
      }
      return commas
    } catch {
      return nil
    }
  }
}

/// Lines that were indented by their depth, and that were put one after the other, or with a space between.
enum IndentedLines {
  /// Hands the body with a line end in front of each indentation to `visit`, for each size of a step.
  static func visit(_ body: [UInt8], _ end: [UInt8], _ visit: ([UInt8]) -> Bool) -> Bool {
    guard let gaps = gaps(in: body), gaps.contains(where: { $0.count > 1 }) else { return false }
    for step in 1...8 {
      for isReplaced in [false, true] {
        guard var text = broken(body, gaps, end, step: step, isReplaced: isReplaced) else { continue }
        if visit(text) { return true }
        if isReplaced, text.last == 0x20 { text.removeLast() }
        if visit(text + end) { return true }
      }
    }
    return false
  }

  /// A place between two tokens where a line may end.
  private struct Gap {
    let start: Int
    let count: Int
    /// How deep the next line is indented.
    let depth: Int
    let isClosing: Bool
    /// The place of the gap behind the opening bracket, for one before a closing bracket.
    let opening: Int?
  }

  private static func broken(
    _ body: [UInt8], _ gaps: [Gap], _ end: [UInt8], step: Int, isReplaced: Bool
  ) -> [UInt8]? {
    var isBroken: [Bool] = []
    var output: [UInt8] = []
    var copied = 0
    for gap in gaps {
      let due = gap.depth * step + (isReplaced ? 1 : 0)
      let breaks =
        gap.isClosing
        ? gap.opening.map { isBroken[$0] } ?? false && gap.count >= due : gap.count >= due && gap.count > 0
      isBroken.append(breaks)
      guard breaks else { continue }
      let place = gap.start + gap.count - gap.depth * step
      output += body[copied..<place - (isReplaced ? 1 : 0)] + end
      copied = place
    }
    return copied == 0 ? nil : output + body[copied...]
  }

  /// The gaps after opening brackets and commas and before closing brackets; nil if the body is not JSON.
  private static func gaps(in body: [UInt8]) -> [Gap]? {
    var lexer = JSONLexer(maximumDepth: .max)
    var gaps: [Gap] = []
    var open: [Int] = []
    var last: JSONToken?
    do throws(JSONFault) {
      while let token = try lexer.step(in: body.span, separators: true) {
        defer { last = token }
        guard let before = last else { continue }
        let isEmpty = before.kind.isOpening && token.kind.isClosing
        if token.kind.isClosing, !isEmpty, let opening = open.popLast() {
          gaps.append(gap(before, token, depth: open.count, opening: opening))
        } else if before.kind.isOpening || before.kind == .comma, !isEmpty {
          if before.kind.isOpening { open.append(gaps.count) }
          gaps.append(gap(before, token, depth: open.count, opening: nil))
        }
      }
      return gaps
    } catch {
      return nil
    }
  }

  private static func gap(_ before: JSONToken, _ next: JSONToken, depth: Int, opening: Int?) -> Gap {
    Gap(
      start: before.end, count: next.start - before.end, depth: depth, isClosing: opening != nil,
      opening: opening)
  }
}

/// The end of a document that was cut off, and what closes it again where that was brackets only.
enum JSONClosing {
  /// More brackets than these in a row are not what a cut leaves open.
  private static let deepest = 1 << 16

  /// The body without its last `count` bytes; nil if it has no more.
  static func cut(_ count: Int, from body: [UInt8]) -> [UInt8]? {
    count < body.count ? body.dropLast(count) : nil
  }

  /// The closing brackets that `body` lacks; nil if it is whole, or lacks more than brackets.
  static func missing(from body: [UInt8]) -> [UInt8]? {
    var lexer = JSONLexer(maximumDepth: .max)
    var open: [UInt8] = []
    do throws(JSONFault) {
      while let token = try lexer.step(in: body.span, separators: false) {
        if token.kind == .beginObject { open.append(UInt8(ascii: "}")) }
        if token.kind == .beginArray { open.append(UInt8(ascii: "]")) }
        if token.kind.isClosing { open.removeLast() }
        guard open.count <= deepest else { return nil }
      }
      return nil
    } catch {
      guard case .cutOff(_, let due) = error, due == .commaOrBrace || due == .commaOrBracket else {
        return nil
      }
      return open.reversed()
    }
  }
}
