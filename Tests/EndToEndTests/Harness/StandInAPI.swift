import Foundation

/// A provider's API as Parlay and Parable document it: a Python server that keeps webhooks and captures in memory.
final class StandInAPI: Sendable {
  static let key = "pk_sandbox_standin0123456789"

  let process: Subprocess
  let url: String

  init() async throws {
    let process = try Subprocess(
      ["python3", "-u", "-c", Self.script, Self.key], environment: Hooktop.environment)
    self.process = process
    let port = try await waiting(for: "the API's port", instead: { process.errors }) {
      process.lines.first.flatMap { Int($0) }
    }
    url = "http://127.0.0.1:\(port)"
  }

  /// The variables that lead to it.
  var environment: [String: String] {
    [
      "PARLAY_API_URL": url, "PARLAY_API_KEY": Self.key, "PARABLE_API_URL": url, "PARABLE_API_KEY": Self.key,
    ]
  }

  private static let script = #"""
    import http.server, json, sys
    key, hooks, answers, count = sys.argv[1], {}, {}, [0]
    captures = [{"id": f"cap_{n}", "started_at": f"2026-07-0{n}T10:00:00Z", "title": "\u202eé" if n == 2 else "call"}
        for n in (1, 2, 3)]

    def error(status, code, message, field=None):
        return status, {"error": {"code": code, "message": message, "field": field}}

    def secret(hook):
        count[0] += 1
        return {**hook, "signing_secret": f"whsec_standin_{count[0]}_0123456789abcdef"}

    def route(method, parts, body):
        if parts[:3] == ["api", "v1", "captures"]:
            if len(parts) == 3: return 200, {"data": captures, "next_cursor": "3", "has_more": True}
            found = [c for c in captures if c["id"] == parts[3]]
            return (200, found[0]) if found else error(404, "not_found", f"there is no capture {parts[3]}", "id")
        if parts[:2] != ["v1", "webhooks"]: return error(404, "not_found", "no such path")
        if len(parts) == 2:
            if method == "GET": return 200, {"data": list(hooks.values())}
            hook = {"id": f"wh_standin{len(hooks) + 1}", **body, "created_at": "2026-04-24T18:53:17.867123+00:00"}
            hooks[hook["id"]] = {**hook, "paused": False}
            return 201, secret(hook)
        if parts[2] not in hooks: return error(404, "not_found", f"there is no webhook {parts[2]}", "id")
        hook = hooks[parts[2]]
        if parts[3:] == ["test"]: return 202, {"id": "evt_1", "queued": 1}
        if parts[3:] == ["rotate"]: return 200, secret(hook)
        if method == "PATCH": hook.update(body)
        if method == "DELETE":
            del hooks[parts[2]]
            return 204, None
        return 200, hook

    class API(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 1 << 16

        def do(self):
            raw = self.rfile.read(int(self.headers.get("content-length", 0)))
            parts = self.path.split("?")[0].strip("/").split("/")
            print(f"{self.command} {self.path}")
            if self.headers.get("authorization") != f"Bearer {key}":
                status, answer = error(401, "unauthorized", "the API key is wrong")
            else:
                status, answer = route(self.command, parts, json.loads(raw or b"{}"))
            body = b"" if answer is None else json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PATCH = do_DELETE = do

        def log_message(self, *_): pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), API)
    print(server.server_address[1])
    server.serve_forever()
    """#
}
