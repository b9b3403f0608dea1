internal import JSON
internal import Screen
internal import Webhooks

/// What sets a body apart from the documentation of its event, or from the other deliveries of its type.
struct BodyMarks: Sendable {
  /// How many others it was held against; nil for what is documented.
  let others: Int?
  /// In the order of the body.
  let marks: [JSONShape.Mark]

  /// What is odd in a stretch of the body, in words; nil if nothing is.
  func words(in range: Range<Int>) -> String? {
    let first = Bisection.count(below: marks.count) { marks[$0].offset < range.lowerBound }
    let found = marks[first...].prefix { $0.offset < range.upperBound }
    guard !found.isEmpty else { return nil }
    let more = found.count > 3 ? ", \(found.count - 3) more" : ""
    return found.prefix(3).map(phrase).joined(separator: "; ") + more
  }

  private func phrase(_ mark: JSONShape.Mark) -> String {
    switch mark.difference {
    case .new(let key) where key.isEmpty: others == nil ? "undocumented element" : "new element"
    case .new(let key):
      others == nil ? "undocumented key \(Self.name(key))" : "new key \(Self.name(key))"
    case .otherKind(let kind, let due):
      others == nil
        ? "\(kind.words), documented as \(due.words)" : "\(kind.words), \(due.words) in the others"
    case .gone(let keys):
      "missing: \(keys.prefix(3).map(Self.name).joined(separator: ", "))"
        + (keys.count > 3 ? ", \(keys.count - 3) more" : "")
    }
  }

  private static func name(_ key: ByteString) -> String { key.cut(to: 40).text }
}

/// A body that has been held against others.
public struct ShapedBody: Sendable {
  let delivery: Delivery
  let marks: BodyMarks
}

extension Model {
  /// The largest body that is held against others, in bytes.
  private static let largestShaped = 1 << 20

  /// Has the body in the focused pane held against what is documented, or against the others of its type.
  mutating func markBody() -> [Effect] {
    guard focus == .body, let inspection, !inspection.isHeldAgainstOthers, let reading = inspection.reading,
      reading.kind.name == BodyKind.json.name, reading.content.bytes.count <= Self.largestShaped
    else { return [] }
    self.inspection?.isHeldAgainstOthers = true
    let (delivery, content) = (inspection.delivery, reading.content.bytes)
    let (kept, documented) = (setting.kept, setting.documented)
    return [
      .run(
        Job(.shape, priority: list.follows ? .followed : .selected, bytes: delivery.cost) { clock in
          let known = documented(delivery.envelope)
          let shape = known.isEmpty ? kept.shape(beside: delivery) { clock() == .max } : JSONShape(of: known)
          let marks = BodyMarks(others: known.isEmpty ? shape.count : nil, marks: shape.marks(in: content))
          return .shaped(ShapedBody(delivery: delivery, marks: marks))
        })
    ]
  }

  mutating func take(_ body: ShapedBody) {
    if inspection?.delivery === body.delivery { inspection?.marks = body.marks }
  }
}

extension JSONShape {
  fileprivate init(of bodies: [[UInt8]]) {
    self.init()
    for body in bodies { add(body) }
  }
}

extension Kindred {
  /// What the nearest others of a delivery's type have in common; nothing where they are too few to tell.
  fileprivate func shape(beside delivery: Delivery, isCancelled: () -> Bool) -> JSONShape {
    let (most, fewest, reach, largest) = (100, 3, 4096, 1 << 18)
    var (shape, looked, next) = (JSONShape(), 0, UInt64.max)
    while shape.count < most, looked < reach, !isCancelled(),
      case let slice = deliveries(before: next, atMost: 64), let first = slice.first
    {
      for other in slice.reversed()
      where other.sequence != delivery.sequence && other.envelope.provider == delivery.envelope.provider
        && other.envelope.event == delivery.envelope.event && other.bodySize <= largest
      {
        shape.add(other.request.body)
      }
      looked += slice.count
      next = first.sequence
    }
    return shape.count < fewest ? JSONShape() : shape
  }
}
