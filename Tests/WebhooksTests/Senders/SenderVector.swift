import Foundation
import JSON
import Testing

@testable import Webhooks

/// A request of a sender as independent code has signed it, and as it is signed with another secret: `senders.py make`
/// in the folder of the vectors.
struct SenderVector: Decodable, CustomTestStringConvertible {
  let name: String
  let secret: String
  let otherSecret: String
  let now: Double
  let url: String
  private let headers: [String: String]
  private let otherHeaders: [String: String]
  private let content: Data

  enum CodingKeys: String, CodingKey {
    case name, secret, now, url, headers
    case content = "body"
    case otherSecret = "other_secret"
    case otherHeaders = "other_headers"
  }

  var testDescription: String { name }

  static let all: [SenderVector] = {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../Vectors/senders.json").standardizedFileURL
    guard let data = try? Data(contentsOf: file) else { return [] }
    return (try? JSONDecoder().decode([SenderVector].self, from: data)) ?? []
  }()

  /// Those that sign a text with a secret that the receiver has as well.
  static let withHMAC = all.filter { $0.provider.scheme.kind == .hmac }

  static func named(_ name: String) -> SenderVector { all.first { $0.name == name }! }

  var provider: Provider { Providers.builtIn[name]! }
  var scheme: SignatureScheme { provider.scheme }
  var body: [UInt8] { Array(content) }

  /// The request as it came through a proxy that ends TLS.
  var request: Request { request(headers) }
  /// The same, signed with another secret.
  var other: Request { request(otherHeaders) }

  private func request(_ fields: [String: String]) -> Request {
    let sorted = fields.sorted { $0.key < $1.key }.map { Headers.Field($0.key, $0.value) }
    let proxy = [
      Headers.Field("Host", "127.0.0.1:4747"), Headers.Field("X-Forwarded-Proto", "https"),
      Headers.Field("X-Forwarded-Host", "hooks.example.test"),
    ]
    return Request(target: "/in?a=1", headers: Headers(proxy + sorted), body: body)
  }

  /// The request with another value in its signature header, or none.
  func request(signature: [UInt8]?) -> Request {
    var changed = request
    changed.headers = Headers(
      request.headers.compactMap { field in
        guard scheme.headers.contains(where: field.name.equalsIgnoringASCIICase) else { return field }
        return signature.map { Headers.Field(field.name, ByteString($0)) }
      })
    return changed
  }

  /// What stands in the signature header.
  var signature: [UInt8] { Array(scheme.headers.lazy.compactMap { request.headers.first($0) }.first ?? "") }

  /// The verdict on a request that came so many seconds after it was signed.
  func verdict(_ request: Request, secret: String? = nil, after seconds: Double = 1) throws -> Verdict {
    let key = try SigningSecret(secret ?? self.secret, label: name, provider: provider)
    return Verifier(keyring: Keyring([key]))
      .verify(request, provider: provider, at: Timestamp(seconds: now + seconds))
  }
}
