internal import JSON
internal import Webhooks

/// A signed delivery on the bench: the parts of it that a breakage may change before it is sent.
struct BrokenDraft {
  var delivery: OutgoingDelivery
  /// The name of the header that the signature is sent in.
  var signatureHeader: String
  /// The values of the signature header, one for each line of it.
  var signatures: [String]
  /// The time of signing in unix seconds.
  let seconds: Int64
  /// The good signature's 64 hexadecimal digits.
  let v1: String
  private let signer: SampleSigner

  init(_ delivery: OutgoingDelivery, signer: SampleSigner, at now: Timestamp) {
    self.delivery = delivery
    self.signer = signer
    signatureHeader = signer.provider.signatureHeader
    seconds = SampleSigner.seconds(now)
    v1 = signer.secret.signature(timestamp: String(seconds), body: delivery.body)
    signatures = ["t=\(seconds),v1=\(v1)"]
  }

  var provider: Provider { signer.provider }

  /// A well-formed signature that no secret makes of `t` and the body: it is one of another text.
  var unrelatedV1: String {
    signer.secret.signature(timestamp: "unrelated to \(seconds)", body: delivery.body)
  }

  /// Signs the body as if the clock were `offset` seconds off.
  mutating func sign(secondsOff offset: Int64) {
    signatures = [signer.header(for: delivery.body, seconds: seconds + offset)]
  }

  /// Signs the text of `t` as it is given, whatever it is.
  mutating func sign(t: String) {
    signatures = ["t=\(t),v1=\(signer.secret.signature(timestamp: t, body: delivery.body))"]
  }

  /// Signs the delivery's id as well, in front of the time, as Standard Webhooks does.
  mutating func signWithID() {
    let id = delivery.headers.first(provider.deliveryHeader)?.text ?? ""
    let signature = signer.secret.signature(timestamp: "\(id).\(seconds)", body: delivery.body)
    signatures = ["t=\(seconds),v1=\(signature)"]
  }

  /// Gives the header `name` another value, in its place.
  mutating func set(_ name: String, to value: String) {
    delivery.headers = Headers(
      delivery.headers.map {
        $0.name.equalsIgnoringASCIICase(name) ? Headers.Field($0.name, ByteString(value)) : $0
      })
  }

  /// What goes out in the end.
  var result: OutgoingDelivery { signer.with(signatures, under: signatureHeader, in: delivery) }
}
