internal import JSON
internal import Webhooks

/// The values of one field over the deliveries of one event type, as they arrived.
struct FieldHistory: Sendable {
  /// A value, and when it was there.
  struct Row: Sendable {
    let value: JSONNode.Value
    var count = 0
    let first: Moment
    var last: Moment
  }

  /// A delivery and its time.
  struct Moment: Sendable {
    let sequence: UInt64
    let time: Timestamp
  }

  /// The last time that a delivery had another value than the one before it.
  struct Change: Sendable {
    let before: JSONNode.Value
    let after: JSONNode.Value
    let moment: Moment
  }

  /// The most values that are told apart.
  static let mostValues = 1000
  /// The most bytes of a value that are kept; longer ones that begin alike count as one where they are as long.
  private static let longestValue = 1024

  let node: JSONNode
  private let provider: Provider?
  private let event: ByteString?
  private var table: [JSONNode.Value: Row] = [:]
  /// How many deliveries have been looked at, and how many of those are not JSON.
  private(set) var (count, unreadable) = (0, 0)
  /// How many have a value that there was no room for.
  private(set) var others = 0
  private(set) var change: Change?
  /// How often a delivery had another value than the one before it.
  private(set) var changes = 0
  private var newest: JSONNode.Value?
  /// The last delivery that was looked at, of whatever type.
  private(set) var last: UInt64 = 0

  init(of node: JSONNode, in delivery: Delivery) {
    self.node = node
    provider = delivery.envelope.provider
    event = delivery.envelope.event?.copied
  }

  /// The values, the one that was seen last first.
  var rows: [Row] { table.values.sorted { $0.last.sequence > $1.last.sequence } }

  mutating func add(_ delivery: Delivery) {
    last = max(last, delivery.sequence)
    guard delivery.envelope.provider == provider, delivery.envelope.event == event, delivery.isReadable
    else { return }
    count += 1
    guard let value = node.value(in: delivery.request.body).map(Self.bounded) else { return unreadable += 1 }
    let moment = Moment(sequence: delivery.sequence, time: delivery.receivedAt)
    if let newest, newest != value {
      change = Change(before: newest, after: value, moment: moment)
      changes += 1
    }
    newest = value
    guard table[value] != nil || table.count < Self.mostValues else { return others += 1 }
    table[value, default: Row(value: value, first: moment, last: moment)].count += 1
    table[value]?.last = moment
  }

  /// There is nothing more to be looked at up to this delivery.
  mutating func pass(_ sequence: UInt64) { last = max(last, sequence) }

  /// The value in storage of its own: what it was cut out of may be megabytes long.
  private static func bounded(_ value: JSONNode.Value) -> JSONNode.Value {
    func cut(_ text: ByteString) -> ByteString {
      guard text.count > longestValue else { return text.copied }
      return ByteString(Array(text.cut(to: longestValue)) + Array(" (\(text.count) bytes)".utf8))
    }
    return switch value {
    case .string(let text): .string(cut(text))
    case .number(let text): .number(cut(text))
    case .object(let keys, let count): .object(keys.map { $0.cut(to: 80).copied }, count: count)
    case .missing, .null, .bool, .array: value
    }
  }
}
