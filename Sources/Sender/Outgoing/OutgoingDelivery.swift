public import Webhooks

/// One delivery ready to be posted: what stands on the wire but for the address and the framing.
public struct OutgoingDelivery: Sendable, Equatable {
  /// What a progress line or the demo calls it: `analysis.completed`, `analysis.completed no-t`.
  public var label: String
  public var method: String
  /// The fields in the order they are sent; repeated ones and empty values go out as they stand.
  public var headers: Headers
  public var body: [UInt8]

  public init(label: String, method: String = "POST", headers: Headers, body: [UInt8]) {
    self.label = label
    self.method = method
    self.headers = headers
    self.body = body
  }

  /// A delivery with the headers that `provider` documents, in its order and spelling, not yet signed.
  public init(provider: Provider, event: String, deliveryID: String, body: [UInt8]) {
    let fields: [Headers.Field?] = [
      Headers.Field(provider.contentTypeHeader, "application/json"),
      provider.userAgentPrefix.map { Headers.Field("User-Agent", $0 + "1") },
      Headers.Field(provider.eventHeader, event),
      Headers.Field(provider.deliveryHeader, deliveryID),
    ]
    self.init(label: event, headers: Headers(fields.compactMap { $0 }), body: body)
  }

  /// The sample as it is sent, not yet signed.
  public init(_ sample: Sample) {
    self.init(
      provider: sample.provider, event: sample.event, deliveryID: sample.deliveryID, body: sample.body)
  }

  /// The request that a receiver sees.
  public var request: Request {
    Request(method: method, headers: headers, body: body)
  }
}

extension Provider {
  /// Providers write all their field names in one style, so the event header's first letter tells it.
  fileprivate var contentTypeHeader: String {
    eventHeader.first?.isLowercase == true ? "content-type" : "Content-Type"
  }
}
