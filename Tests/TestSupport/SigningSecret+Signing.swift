import JSON
public import Webhooks

extension SigningSecret {
  /// The value of the provider's signature header for `body`, signed at `timestamp` in unix seconds.
  public func signatureHeader(timestamp: Int64, body: [UInt8]) -> String {
    header(time: "\(timestamp)", body: body)?.text ?? ""
  }

  /// The signature of `body` at the time written as `timestamp`, as it stands in the provider's header.
  public func signature(timestamp: String, body: [UInt8]) -> String {
    header(time: timestamp, body: body).flatMap { provider.scheme.format.firstSignature(in: $0)?.text } ?? ""
  }

  private func header(time: String, body: [UInt8]) -> ByteString? {
    fields(signing: body, time: Array(time.utf8), id: [], under: provider.scheme).last?.value
  }
}
