import Foundation

/// One delivery as a stranger makes it: signed by another program than hooktop, and posted by curl.
struct Post {
  /// The programs that compute an HMAC independently of hooktop.
  enum Signer: String, CaseIterable, Sendable {
    case openssl, python

    static let installed = allCases.filter { $0.tool.isInstalled }

    private var tool: Tool {
      switch self {
      case .openssl: .openssl
      case .python: .python3
      }
    }

    /// The MAC of `text` in lower-case hex.
    func mac(of text: Data, secret: String) async throws -> String {
      let output = try await Tool.run(command(secret), input: text)
      return String(output.split(whereSeparator: \.isWhitespace).last ?? "")
    }

    private func command(_ secret: String) -> [String] {
      switch self {
      case .openssl: ["openssl", "dgst", "-sha256", "-hmac", secret]
      case .python: ["python3", "-c", Self.script, secret]
      }
    }

    private static let script = """
      import hashlib, hmac, sys
      print(hmac.new(sys.argv[1].encode(), sys.stdin.buffer.read(), hashlib.sha256).hexdigest())
      """
  }

  var event = "analysis.completed"
  var body = Data(
    #"{"id":"evt_e2e","event":"analysis.completed","livemode":false,"data":{"note":"of curl"}}"#.utf8)
  var headers: [String] = []

  /// The MAC that is due now.
  func mac(_ time: Int, by signer: Signer = .openssl, secret: String = Hooktop.parlaySecret) async throws
    -> String
  {
    try await signer.mac(of: Data("\(time).".utf8) + body, secret: secret)
  }

  /// Signs for this second.
  func signed(by signer: Signer = .openssl, secret: String = Hooktop.parlaySecret) async throws -> Post {
    let time = Int(Date().timeIntervalSince1970)
    return signed(t: time, v1: try await mac(time, by: signer, secret: secret))
  }

  func signed(t: Int, v1: String) -> Post {
    var post = self
    post.headers += ["X-Parlay-Event: \(event)", "X-Parlay-Signature: t=\(t),v1=\(v1)"]
    return post
  }

  /// Posts it, and gives the status of the answer.
  func send(to url: String) async throws -> Int? {
    let options = [
      "curl", "-s", "--noproxy", "*", "-o", "/dev/null", "-w", "%{http_code}", "--data-binary", "@-",
    ]
    return Int(try await Tool.run(options + headers.flatMap { ["-H", $0] } + [url], input: body))
  }
}
