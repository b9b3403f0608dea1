internal import JSON

extension Envelope {
  /// Reads what `request` says of itself; what stands nowhere, or is not of the documented kind, is nil.
  public init(reading request: Request) {
    let provider = Provider.of(request.headers)
    self.init(provider: provider)
    let fields = EnvelopeQuery.of(provider).read(request.body)
    event = Self.cut(fields.event ?? provider.flatMap { Self.value($0.eventHeader, request) })
    eventID = Self.id(fields.eventID)
    deliveryID = Self.id(fields.deliveryID ?? provider.flatMap { Self.value($0.deliveryHeader, request) })
    livemode = Livemode(fields.livemode)
  }

  /// The longest event name or id that is kept, in bytes: a sender could make them as long as the body.
  private static let limit = 1024

  /// A name that is too long, cut; it is only read and filtered by.
  private static func cut(_ name: ByteString?) -> ByteString? {
    guard let name, name.count > limit else { return name }
    return ByteString(Array(name.cut(to: limit)) + Array("\u{2026}".utf8))
  }

  /// An id that is too long is none: cut, it would be the same as another one's.
  private static func id(_ text: ByteString?) -> ByteString? {
    text.flatMap { $0.count > limit ? nil : $0 }
  }

  private static func value(_ header: String, _ request: Request) -> ByteString? {
    request.headers.first(header).flatMap { $0.isEmpty ? nil : $0 }
  }
}

/// The body fields that an envelope is read from, prepared once for each provider.
private struct EnvelopeQuery: Sendable {
  struct Fields {
    var event: ByteString?
    var eventID: ByteString?
    var deliveryID: ByteString?
    var livemode: Bool?
  }

  private let query: JSONFieldQuery
  private let hasLivemode: Bool

  private init(_ provider: Provider?) {
    let paths = [["event"], provider?.eventIDPath ?? ["id"], ["livemode"]]
    query = JSONFieldQuery(paths + (provider?.deliveryIDPath.map { [$0] } ?? []))
    hasLivemode = provider?.hasLivemode ?? true
  }

  func read(_ body: [UInt8]) -> Fields {
    let values = query.fields(in: body).values
    return Fields(
      event: values[0]?.string, eventID: values[1]?.string,
      deliveryID: values.count > 3 ? values[3]?.string : nil,
      livemode: hasLivemode ? values[2]?.bool : nil)
  }

  private static let unknown = EnvelopeQuery(nil)
  private static let known = Provider.all.map(EnvelopeQuery.init)

  static func of(_ provider: Provider?) -> EnvelopeQuery {
    guard let provider, let row = Provider.all.firstIndex(of: provider) else { return unknown }
    return known[row]
  }
}
