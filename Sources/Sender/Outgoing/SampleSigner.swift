public import Webhooks

/// Signs deliveries with one secret, the way its provider does.
public struct SampleSigner: Sendable {
  public let secret: SigningSecret

  public init(_ secret: SigningSecret) {
    self.secret = secret
  }

  /// The delivery with its signature, made at `now`, as the last header; an older one is taken out.
  public func sign(_ delivery: OutgoingDelivery, at now: Timestamp) -> OutgoingDelivery {
    with([header(for: delivery.body, seconds: Self.seconds(now))], in: delivery)
  }

  /// The delivery with `values` as its signature header lines, in place of any that it has.
  func with(_ values: [String], in delivery: OutgoingDelivery) -> OutgoingDelivery {
    let name = secret.provider.signatureHeader
    var delivery = delivery
    delivery.headers.fields.removeAll { $0.name.equalsIgnoringASCIICase(name) }
    delivery.headers.fields += values.map { Headers.Field(name, $0) }
    return delivery
  }

  /// The value of the signature header for `body`, as if it were `seconds` after 1970.
  func header(for body: [UInt8], seconds: Int64) -> String {
    secret.signatureHeader(timestamp: seconds, body: body)
  }

  /// Whole seconds since 1970, as providers write them.
  static func seconds(_ moment: Timestamp) -> Int64 { moment.microseconds / 1_000_000 }
}
