internal import DequeModule
public import JSON

/// Hides values of deliveries by their paths in the body, and wherever the same value is a word of a header or of the
/// target.
public struct Redaction: Sendable {
  let mask: JSONMask

  /// What stands in the place of a text outside of JSON.
  static let word = Array("[redacted]".utf8)
  /// A shorter value stands in other texts of its own accord, in bytes.
  private static let leastLength = 4

  /// Returns whether a text was hidden as a whole.
  public static func isHidden(_ text: ByteString) -> Bool { text == ByteString(word) }

  public init(_ paths: [JSONMask.Path] = []) { mask = JSONMask(paths) }

  public var isEmpty: Bool { mask.isEmpty }

  public var paths: [JSONMask.Path] { mask.paths }

  /// A body without the values. One that is not JSON is hidden as a whole: what is in it can't be told.
  public func hiding(in body: [UInt8]) -> [UInt8] { found(in: body).body }

  /// A body without the values, and what they are; nil where that can't be told, since it is not JSON.
  fileprivate typealias Found = (body: [UInt8], values: Set<ByteString>?)

  fileprivate func found(in body: [UInt8]) -> Found {
    guard !isEmpty, !body.isEmpty else { return (body, []) }
    guard let result = mask.hiding(in: body) else { return (Self.word, nil) }
    return (result.body, result.values)
  }

  public func hiding(in delivery: Delivery) -> Delivery {
    isEmpty ? delivery : hiding(found(in: delivery.request.body), in: delivery)
  }

  fileprivate func hiding(_ found: Found, in delivery: Delivery) -> Delivery {
    let (body, values) = (found.body, found.values ?? [])
    var (request, envelope) = (delivery.request, delivery.envelope)
    request.body = body
    let words = values.filter { $0.count >= Self.leastLength }
    request.headers = Headers(
      request.headers.map { Headers.Field($0.name, Self.hiding(words, in: $0.value)) })
    request.target = Self.hiding(words, in: request.target)
    func visible(_ text: ByteString?) -> ByteString? {
      text.map { values.contains($0) ? ByteString(Self.word) : $0 }
    }
    envelope.event = visible(envelope.event)
    envelope.eventID = visible(envelope.eventID)
    envelope.deliveryID = visible(envelope.deliveryID)
    return delivery.with(request: request, envelope: envelope)
  }

  /// The text without the words, percent-encoded ones among them, looked up one by one: a sender makes as many and as
  /// long ones as it likes.
  private static func hiding(_ words: Set<ByteString>, in text: ByteString) -> ByteString {
    guard !words.isEmpty, !words.contains(text) else { return words.isEmpty ? text : ByteString(word) }
    let bytes = Array(text)
    var (output, at): ([UInt8], Int) = ([], 0)
    while at < bytes.count {
      let (meant, end) = readWord(of: bytes, at: at)
      let isHidden = words.contains(ByteString(meant)) || words.contains(ByteString(bytes, in: at..<end))
      output += isHidden ? word[...] : bytes[at..<end]
      at = end
      guard at < bytes.count else { break }
      let next = at + PercentCoding.byte(at: at, of: bytes).length
      output += bytes[at..<next]
      at = next
    }
    return ByteString(output)
  }

  /// What the word stands for that begins at a place of a text, and where it ends.
  private static func readWord(of bytes: [UInt8], at start: Int) -> (meant: [UInt8], end: Int) {
    var (meant, end): ([UInt8], Int) = ([], start)
    while end < bytes.count {
      let (byte, length) = PercentCoding.byte(at: end, of: bytes)
      guard isWordByte(byte) else { break }
      meant.append(byte)
      end += length
    }
    return (meant, end)
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    byte.isASCIILetter || byte.isASCIIDigit || byte >= 0x80 || "-_.@+".utf8.contains(byte)
  }

  /// What happened to a delivery, without its values.
  public func hiding(in outcomes: [Outcome], of delivery: Delivery) -> [Outcome] {
    guard !isEmpty else { return outcomes }
    let values = delivery.isReadable ? found(in: delivery.request.body).values : nil
    return outcomes.map { outcome in
      if case .exchanged(let exchange) = outcome { .exchanged(hiding(values, in: exchange)) } else { outcome }
    }
  }
}

/// Hides values in the records of a session, one after the other: what an app was sent and responded is without those of
/// the delivery, too.
public struct RecordRedaction: Sendable {
  private let redaction: Redaction
  /// The values of the last deliveries by their numbers, which stand in `order` as they came; nil for those that can't
  /// be told.
  private var values: [UInt64: Set<ByteString>?] = [:]
  private var order: Deque<UInt64> = []

  /// Of how many deliveries the values are known, and how many of each with how many bytes. Of an exchange about another
  /// one only its host, status and times are left.
  private static let limits = (deliveries: 4096, values: 64, bytes: 4096)

  public init(_ redaction: Redaction) { self.redaction = redaction }

  public mutating func hiding(in record: SessionRecord) -> SessionRecord {
    switch record {
    case .delivery(let delivery): .delivery(hiding(in: delivery))
    case .exchange(let exchange, let sequence): .exchange(hiding(in: exchange, of: sequence), of: sequence)
    case .incident(let incident): .incident(redaction.hiding(in: incident))
    }
  }

  public mutating func hiding(in delivery: Delivery) -> Delivery {
    guard !redaction.isEmpty else { return delivery }
    let found = redaction.found(in: delivery.request.body)
    remember(delivery.isReadable ? found.values : nil, of: delivery.sequence)
    return redaction.hiding(found, in: delivery)
  }

  /// - Parameter sequence: the number of the delivery that was sent.
  public func hiding(in exchange: Exchange, of sequence: UInt64) -> Exchange {
    redaction.isEmpty ? exchange : redaction.hiding(values[sequence] ?? nil, in: exchange)
  }

  private mutating func remember(_ found: Set<ByteString>?, of sequence: UInt64) {
    let known = found.flatMap { values in
      let size = values.reduce(0) { $0 + $1.count }
      return values.count <= Self.limits.values && size <= Self.limits.bytes ? values : nil
    }
    // In storage of their own: as slices they would keep whole bodies.
    let kept = known.map { Set($0.map(\.copied)) }
    if values.updateValue(kept, forKey: sequence) == nil { order.append(sequence) }
    if order.count > Self.limits.deliveries { values.removeValue(forKey: order.removeFirst()) }
  }
}

extension Redaction {
  fileprivate func hiding(in incident: Incident) -> Incident {
    guard !isEmpty else { return incident }
    var hidden = incident
    // What was no request can't be searched: its first bytes are left out.
    hidden.received = nil
    return hidden
  }
}
