public import Diagnosis
internal import JSON
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

/// Signs deliveries with one secret, the way a provider does.
public struct SampleSigner: Sendable {
  public let secret: SigningSecret
  /// Whose header the signature goes into.
  let provider: Provider

  /// A signer for the deliveries of `provider`, which is the secret's own where none is given.
  public init(_ secret: SigningSecret, as provider: Provider? = nil) {
    self.secret = secret
    self.provider = provider ?? secret.provider
  }

  /// The delivery with its signature, made at `now`, as the last header; an older one is taken out.
  public func sign(_ delivery: OutgoingDelivery, at now: Timestamp) -> OutgoingDelivery {
    let value = header(for: delivery.body, seconds: Self.seconds(now))
    return with([value], under: provider.signatureHeader, in: delivery)
  }

  /// The delivery with `values` as lines of the header `name`, in place of any signature that it has.
  func with(_ values: [String], under name: String, in delivery: OutgoingDelivery) -> OutgoingDelivery {
    var delivery = delivery
    let kept = delivery.headers.filter { !$0.name.equalsIgnoringASCIICase(provider.signatureHeader) }
    delivery.headers = Headers(kept + values.map { Headers.Field(name, $0) })
    return delivery
  }

  /// The value of the signature header for `body`, as if it were `seconds` after 1970.
  func header(for body: [UInt8], seconds: Int64) -> String {
    secret.signatureHeader(timestamp: seconds, body: body)
  }

  /// Whole seconds since 1970, as providers write them.
  static func seconds(_ moment: Timestamp) -> Int64 { moment.microseconds / 1_000_000 }
}

extension Breakage {
  /// What the delivery says of itself in the demo, so that whoever reads it can follow.
  var note: String { "\(cause.rawValue): \(sentence)" }

  /// The delivery signed by `signer` at `now`, and then broken.
  public func applied(
    to delivery: OutgoingDelivery, signer: SampleSigner, at now: Timestamp
  ) -> OutgoingDelivery {
    var draft = SignedDraft(
      headers: delivery.headers, body: delivery.body, provider: signer.provider, secret: signer.secret,
      seconds: SampleSigner.seconds(now))
    apply(to: &draft)
    var broken = delivery
    broken.headers = draft.headers
    broken.body = draft.body
    broken.label += " \(name)"
    return signer.with(draft.signatures, under: draft.signatureHeader, in: broken)
  }
}
