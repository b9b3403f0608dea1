public import JSON

/// Hides values of deliveries by their paths in the body, and wherever the same value is a word of a header or of the
/// target.
public struct Redaction: Sendable {
  let mask: JSONMask

  /// What stands in the place of a text outside of JSON.
  static let word = Array("[redacted]".utf8)
  /// A shorter value stands in other texts of its own accord, in bytes.
  private static let leastLength = 4

  public init(_ paths: [JSONMask.Path] = []) { mask = JSONMask(paths) }

  public var isEmpty: Bool { mask.isEmpty }

  public var paths: [JSONMask.Path] { mask.paths }

  /// A body without the values. One that is not JSON is hidden as a whole: what is in it can't be told.
  public func hiding(in body: [UInt8]) -> [UInt8] { found(in: body).body }

  private func found(in body: [UInt8]) -> (body: [UInt8], values: Set<ByteString>) {
    guard !isEmpty, !body.isEmpty else { return (body, []) }
    guard let result = mask.hiding(in: body) else { return (Self.word, []) }
    return (result.body, result.values)
  }

  public func hiding(in delivery: Delivery) -> Delivery {
    guard !isEmpty else { return delivery }
    let (body, values) = found(in: delivery.request.body)
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

  /// The text without the words, looked up one by one: a sender makes as many and as long ones as it likes.
  private static func hiding(_ words: Set<ByteString>, in text: ByteString) -> ByteString {
    guard !words.isEmpty, !words.contains(text) else { return words.isEmpty ? text : ByteString(word) }
    let bytes = Array(text)
    var (output, at): ([UInt8], Int) = ([], 0)
    while at < bytes.count {
      let end = bytes[at...].firstIndex { !isWordByte($0) } ?? bytes.count
      output += words.contains(ByteString(bytes, in: at..<end)) ? word[...] : bytes[at..<end]
      if end < bytes.count { output.append(bytes[end]) }
      at = end + 1
    }
    return ByteString(output)
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    byte.isASCIILetter || byte.isASCIIDigit || byte >= 0x80 || "-_.@+".utf8.contains(byte)
  }

  public func hiding(in exchange: Exchange) -> Exchange {
    guard !isEmpty, let response = exchange.response else { return exchange }
    var hidden = exchange
    hidden.response?.body = hiding(in: response.body)
    return hidden
  }

  /// A line of a session without the values.
  public func hiding(in record: SessionRecord) -> SessionRecord {
    guard !isEmpty else { return record }
    switch record {
    case .delivery(let delivery): return .delivery(hiding(in: delivery))
    case .exchange(let exchange, let sequence): return .exchange(hiding(in: exchange), of: sequence)
    case .incident(var incident):
      // What was no request can't be searched: its first bytes are left out.
      incident.received = nil
      return .incident(incident)
    }
  }
}
