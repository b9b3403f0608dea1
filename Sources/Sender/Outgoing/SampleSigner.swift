internal import JSON
public import Webhooks

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
