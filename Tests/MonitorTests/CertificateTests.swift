import Screen
import Testing

@testable import Monitor

/// What the screen says of a receiver that speaks TLS.
@Suite struct CertificateTests {
  private static let halves = (0..<2).map { half in
    (0..<16).map { String(half * 16 + $0 + 16, radix: 16, uppercase: true) }.joined(separator: ":")
  }

  private func app(_ columns: Int, _ rows: Int) throws -> App {
    try App(
      columns: columns, rows: rows, source: .receiver(address: "https://127.0.0.1:4747"),
      fingerprint: Self.halves.joined(separator: ":"))
  }

  @Test("the help holds the whole fingerprint", arguments: [(120, 36), (80, 24), (60, 20)])
  func help(columns: Int, rows: Int) throws {
    var app = try app(columns, rows)
    app.type("?G")
    #expect(app.screen.contains("Certificate, SHA-256"))
    #expect(app.screen.contains(Self.halves[0] + ":"))
    #expect(app.screen.contains(Self.halves[1]))
  }

  @Test("the help says nothing of a certificate where there is none")
  func plain() throws {
    var app = try App()
    app.type("?G")
    #expect(!app.screen.contains("Certificate"))
  }

  @Test("an empty list over TLS names a sender that takes any certificate")
  func empty() throws {
    let app = try app(120, 36)
    #expect(app.screen.contains("curl -k -d '{}' https://127.0.0.1:4747"))
    #expect(!app.screen.contains("hooktop send"))
  }
}
