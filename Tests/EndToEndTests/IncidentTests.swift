import Foundation
import Testing

/// What is no delivery, opened on the screen: real bytes through a raw socket.
@Suite(.serialized, .enabled(if: Tool.canDrive, "needs bash, curl, openssl and tmux"))
struct IncidentTests {
  /// Sends bytes as they are, written as bash's `printf` reads them, and reads what comes back.
  private func send(_ text: String, to url: String) async throws -> String {
    let port = try #require(url.split(separator: ":").last)
    let script = "exec 3<>/dev/tcp/127.0.0.1/$0; printf \"$1\" >&3; timeout 5 cat <&3"
    return try await Tool.run(["bash", "-c", script, String(port), text])
  }

  @Test("a broken request shows its reason and its bytes, and the recorded session shows them as well")
  func broken() async throws {
    let shell = try await Shell()
    let file = shell.folder.path("session.ndjson")
    let url = try await shell.watch("hooktop watch --port 0 --record \(file)")
    let request =
      #"POST /hooks HTTP/1.1\r\nHost: a\r\nCookie: sid=topsecret\r\nBad Field: \x1b]0;owned\x07\r\n\r\n{"a":1}"#
    #expect(try await send(request, to: url).hasPrefix("HTTP/1.1 400 "))
    try await shell.wait(for: "1 incident")
    try await shell.press("I", "Enter")
    for picture in [
      try await shell.wait(for: "Incident  bad-request", "what     The request is not well-formed HTTP."),
      try await reopened(shell, file),
    ] {
      for text in [
        "answer   400", "POST /hooks HTTP/1.1", "Cookie: *************", "Bad Field: ^[]0;owned^G",
      ] {
        #expect(picture.contains(text), "\(text)")
      }
      #expect(!picture.contains("topsecret"))
    }
    #expect(!String(decoding: shell.folder.bytes("session.ndjson"), as: UTF8.self).contains("topsecret"))
    try await shell.press("b")
    try await shell.wait(for: "00000000  50 4f 53 54 20 2f 68 6f  6f 6b 73 20")
  }

  /// Leaves the receiver and opens what it has recorded.
  private func reopened(_ shell: Shell, _ file: String) async throws -> Picture {
    try await shell.press("Q")
    try await shell.type("hooktop open \(file)")
    try await shell.wait(for: "read-only", "1 incident")
    try await shell.press("I", "Enter")
    return try await shell.wait(for: "Incident  bad-request", "what     The request is not well-formed HTTP.")
  }
}
