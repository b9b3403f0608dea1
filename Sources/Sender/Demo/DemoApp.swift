internal import Diagnosis
internal import JSON
public import Webhooks

/// The app of the demo, as somebody wrote it in an afternoon: it verifies what it has parsed and printed again, not the
/// bytes that came, and it never looks at how old a signature is.
///
/// Both are bugs that real apps have. The first one refuses good deliveries, those whose numbers JavaScript prints
/// otherwise (`12.50`, 17 digits), and takes others whose bytes were changed on the way.
public struct DemoApp: Sendable {
  private let providers: Providers
  private let verifier: Verifier

  /// Creates an app that holds the secret of each provider, and none that is retired.
  public init(secrets: DemoSecrets) {
    providers = secrets.providers
    verifier = Verifier(
      keyring: Keyring(providers.all.compactMap { secrets.secret(of: .provider, for: $0) }))
  }

  /// Returns the HTTP status that it answers with.
  public func status(for request: Request, at moment: Timestamp) -> Int {
    guard let body = Self.printed(request.body) else { return 400 }
    var parsed = request
    parsed.body = body
    let verdict = verifier.verify(parsed, provider: providers.of(request.headers), at: moment)
    switch verdict.status {
    case .valid, .stale: return 200
    case .missing, .malformed, .mismatch, .unchecked: return 401
    }
  }

  /// What `JSON.stringify(JSON.parse(body))` comes to; nil if it is no JSON.
  private static func printed(_ body: [UInt8]) -> [UInt8]? {
    let style = JSONStyle(
      spacing: .compact, order: .asSent, strings: JSONStringStyle(), hasScriptNumbers: true)
    return JSONOutline(body).flatMap {
      JSONRendering.bytes(of: $0, style: style, plan: .asSent, limit: body.count * 8 + 4096)
    }
  }
}
