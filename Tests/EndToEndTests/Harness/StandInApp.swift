import Foundation

/// A developer's app: a Python server with the verifier that Parlay's documentation shows, or one with a bug.
final class StandInApp: Sendable {
  /// How it decides.
  enum Kind: String, CaseIterable, Sendable {
    /// As the provider documents it; what that raises is a 500.
    case documented
    /// Any number of signatures, in hexadecimal of lower case and 64 digits, for five minutes.
    case strict
    /// It prints the parsed document again, and verifies that.
    case parsed
    case takesAll, refusesAll
    /// Never answers.
    case hangs
  }

  let process: Subprocess
  let port: Int

  var url: String { "http://127.0.0.1:\(port)" }

  init(_ kind: Kind = .documented, secret: String = Hooktop.parlaySecret) async throws {
    let process = try Subprocess(
      ["python3", "-u", "-c", Self.script, kind.rawValue, secret], environment: Hooktop.environment)
    self.process = process
    port = try await waiting(for: "the app's port", instead: { process.errors }) {
      process.lines.first.flatMap { Int($0) }
    }
  }

  /// What it was sent so far: a line of JSON each.
  var requests: [Record] { process.lines.dropFirst().compactMap { try? Record($0) } }

  func requests(_ count: Int) async throws -> [Record] {
    try await waiting(for: "\(count) requests", instead: { self.process.output + self.process.errors }) {
      let requests = self.requests
      return requests.count >= count ? requests : nil
    }
  }

  private static let script = #"""
    import base64, hashlib, hmac, http.server, json, re, sys, time
    kind, secret = sys.argv[1], sys.argv[2].encode()

    def mac(text): return hmac.new(secret, text, hashlib.sha256).hexdigest()

    def documented(raw, header):
        parts = dict(p.split("=", 1) for p in header.split(","))
        t, v1 = int(parts.get("t", 0)), parts.get("v1", "")
        if not t or not v1 or abs(time.time() - t) > 300: return False
        return hmac.compare_digest(mac(f"{t}.".encode() + raw), v1)

    def strict(raw, header):
        t = re.fullmatch(r"t=([1-9][0-9]*)((?:,v1=[0-9a-f]{64})+)", header or "")
        if not t or abs(time.time() - int(t[1])) > 300: return False
        return any(hmac.compare_digest(mac(t[1].encode() + b"." + raw), v1) for v1 in t[2].split(",v1=")[1:])

    def parsed(raw, header):
        return documented(json.dumps(json.loads(raw), separators=(",", ":"), ensure_ascii=False).encode(), header)

    decide = {"documented": documented, "strict": strict, "parsed": parsed,
        "takesAll": lambda *_: True, "refusesAll": lambda *_: False, "hangs": lambda *_: time.sleep(1000)}[kind]

    class App(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 1 << 16

        def do_POST(self):
            raw = self.rfile.read(int(self.headers.get("content-length", 0)))
            print(json.dumps({"target": self.path, "headers": self.headers.items(),
                "body": base64.b64encode(raw).decode()}))
            try: status = 200 if decide(raw, self.headers.get("x-parlay-signature")) else 401
            except Exception: status = 500
            self.send_response(status)
            self.send_header("content-length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, *_): pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), App)
    print(server.server_address[1])
    server.serve_forever()
    """#
}
