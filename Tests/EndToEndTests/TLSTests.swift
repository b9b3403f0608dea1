import Foundation
import Testing

/// TLS, with a certificate made for the run and with one from files.
@Suite(.enabled(if: Tool.openssl.isInstalled && Tool.curl.isInstalled, "needs openssl and curl"))
struct TLSTests {
  /// A folder with certificates and keys that openssl has made.
  private struct Certificates {
    let folder: TemporaryFolder

    init() throws {
      folder = try TemporaryFolder()
    }

    /// Makes a key, and a certificate of 30 days for loopback.
    func make(_ name: String, _ options: [String] = ["-days", "30"]) async throws {
      let command = [
        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj",
        "/CN=hooks", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", folder.path("\(name).key"), "-out",
        folder.path("\(name).pem"),
      ]
      _ = try await Tool.run(command + options)
    }

    func options(_ certificate: String, _ key: String) -> [String] {
      ["--tls-cert", folder.path(certificate), "--tls-key", folder.path(key)]
    }
  }

  /// Posts with curl, and gives the status and the HTTP version of the answer; curl's own error where none came.
  private func post(to url: String, _ options: [String]) async throws -> String {
    let curl = [
      "curl", "-s", "--noproxy", "*", "-o", "/dev/null", "-w", "%{http_code} %{http_version} %{exitcode}",
    ]
    return try await Tool.run(curl + options + ["--data-binary", "{}", url])
  }

  /// The certificate that a client is shown, in PEM form.
  private func shown(by url: String) async throws -> Data {
    let address = url.replacing("https://", with: "")
    let text = try await Tool.run(["openssl", "s_client", "-connect", address, "-showcerts"])
    guard let start = text.range(of: "-----BEGIN"), let end = text.range(of: "-----END CERTIFICATE-----\n")
    else {
      throw NeverHappened("a certificate of \(url)", within: .zero, instead: text)
    }
    return Data(text[start.lowerBound..<end.upperBound].utf8)
  }

  @Test("with a certificate of its own, tail says its address and its fingerprint, and nothing of its key")
  func fingerprint() async throws {
    let tail = try await Tail(["--tls-self-signed"])
    let digits = try await waiting(for: "the fingerprint") {
      tail.process.errors.firstMatch(of: #/fingerprint (\S+)\n/#).map { String($0.1) }
    }
    let print = try await Tool.run(
      ["openssl", "x509", "-noout", "-fingerprint", "-sha256"], input: try await shown(by: tail.url))
    #expect(print == "sha256 Fingerprint=\(digits)\n")
    tail.process.send(SIGTERM)
    let outcome = try await tail.process.outcome()
    let address = "hooktop: listening on \(tail.url)\n"
    #expect(outcome.errors == address + "hooktop: self-signed certificate, SHA-256 fingerprint \(digits)\n")
    #expect(outcome.output.isEmpty)
  }

  @Test("a sender that knows the certificate delivers, with HTTP/1.1 whatever it offers")
  func trusted() async throws {
    let tail = try await Tail(["--json", "--tls-self-signed"], environment: Hooktop.environment)
    let folder = try TemporaryFolder()
    let certificate = try folder.write(try await shown(by: tail.url), to: "cert.pem")
    #expect(try await post(to: tail.url, ["--cacert", certificate]) == "200 1.1 0")
    #expect(try await post(to: tail.url, ["--cacert", certificate, "--http2"]) == "200 1.1 0")
    #expect(try await post(to: tail.url, ["-k", "--tls-max", "1.2"]) == "200 1.1 0")
    let name = tail.url.replacing("127.0.0.1", with: "localhost")
    #expect(try await post(to: name, ["--cacert", certificate]) == "200 1.1 0")
    #expect(try await tail.records(4).allSatisfy { $0.text("kind") == "delivery" })
  }

  @Test("send trusts the certificate that it is given, and says in words what it does not trust")
  func sending() async throws {
    let tail = try await Tail(["--tls-self-signed"])
    let folder = try TemporaryFolder()
    let certificate = try folder.write(try await shown(by: tail.url), to: "cert.pem")
    let noise = try folder.write(Data("noise".utf8), to: "noise.pem")
    let sent = try await Hooktop.run(["send", "--to", tail.url, "--cacert", certificate])
    #expect(sent.end == .exit(0), "\(sent.errors)")
    try await tail.lines(1)
    let refused = try await Hooktop.run(["send", "--to", tail.url])
    #expect(refused.end == .exit(1))
    #expect(refused.errors.contains("(its certificate is not trusted here)"), "\(refused.errors)")
    let unread = try await Hooktop.run(["send", "--to", tail.url, "--cacert", noise])
    #expect(unread.end == .exit(1))
    #expect(unread.errorLines.count == 1 && unread.errors.contains("holds no certificate in PEM"))
  }

  @Test("what fails before a request is one incident, and the descriptors come back")
  func failures() async throws {
    let tail = try await Tail(["--json", "--tls-self-signed"], environment: Hooktop.environment)
    let folder = "/proc/\(tail.process.pid)/fd"
    func descriptors() throws -> Int { try FileManager.default.contentsOfDirectory(atPath: folder).count }
    let base = try descriptors()
    let plain = tail.url.replacing("https", with: "http")
    // The numbers are curl's for a certificate, a handshake, and an answer that failed.
    #expect(try await post(to: tail.url, []) == "000 0 60")
    #expect(try await post(to: tail.url, ["-k", "--tlsv1.0", "--tls-max", "1.1"]) == "000 0 35")
    #expect(try await post(to: plain, []).hasPrefix("000 0 5"))
    let records = try await tail.records(3)
    #expect(records.map { $0.text("reason") } == ["not-http", "not-http", "not-http"])
    let details = records.map { $0.text("detail") ?? "" }
    for (detail, word) in zip(details, ["trust", "TLS 1.2", "https://"]) { #expect(detail.contains(word)) }
    try await waiting(until: "\(base) descriptors") { try descriptors() == base }
    #expect(try await post(to: tail.url, ["-k"]) == "200 1.1 0")
  }

  @Test("a certificate from a file is shown to senders with those behind it", arguments: ["tail", "watch"])
  func files(command: String) async throws {
    let certificates = try Certificates()
    try await certificates.make("own")
    let tail = try await Tail(
      command: [command, "--port", "0"] + certificates.options("own.pem", "own.key"),
      environment: Hooktop.environment)
    #expect(try await post(to: tail.url, ["--cacert", certificates.folder.path("own.pem")]) == "200 1.1 0")
    #expect(!tail.process.errors.contains("fingerprint") && !tail.process.errors.contains("warning"))
  }

  @Test("a certificate that ends within a week is a warning")
  func soon() async throws {
    let certificates = try Certificates()
    try await certificates.make("soon", ["-days", "3"])
    let tail = try await Tail(certificates.options("soon.pem", "soon.key"))
    #expect(tail.process.errors.contains("hooktop: warning: the certificate in "))
    #expect(tail.process.errors.contains(" expires in 2 days: renew it\n"))
  }

  @Test(
    "files that can't be used are one line before the screen opens", arguments: ["watch", "tail", "demo"])
  func unusable(command: String) async throws {
    let certificates = try Certificates()
    try await certificates.make("own")
    try await certificates.make("other")
    _ = try certificates.folder.write([], to: "empty")
    _ = try certificates.folder.write("noise\n".utf8, to: "noise")
    let cases = [
      ("absent", "own.key", "can't be opened"), ("own.pem", "absent", "can't be opened"),
      ("", "own.key", "can't be read"), ("empty", "own.key", "is empty"), ("own.pem", "empty", "is empty"),
      ("noise", "own.key", "no certificate"), ("own.pem", "noise", "no private key"),
      ("own.pem", "other.key", "does not match"),
    ]
    for (certificate, key, words) in cases {
      let outcome = try await Hooktop.run(
        [command, "--port", "0"] + certificates.options(certificate, key))
      #expect(outcome.end == .exit(1))
      #expect(outcome.errorLines.count == 1 && outcome.errors.contains(words), "\(outcome.errors)")
      #expect(outcome.output.isEmpty)
    }
  }

  @Test(
    "options that do not go together are a usage error",
    arguments: [
      ["--tls-cert", "c.pem"], ["--tls-key", "k.pem"], ["--tls-self-signed", "--tls-cert", "c.pem"],
      ["--tls-self-signed", "--tls-key", "k.pem"],
      ["--tls-self-signed", "--tls-cert", "c.pem", "--tls-key", "k.pem"],
    ])
  func usage(options: [String]) async throws {
    for command in ["watch", "tail", "demo"] {
      let outcome = try await Hooktop.run([command] + options)
      #expect(outcome.end == .exit(64))
      #expect(outcome.errors.contains("--tls-"), "\(outcome.errors)")
    }
  }

  @Test(
    "the demo's own sender trusts the certificate of the run", arguments: ["127.0.0.1", "::1", "0.0.0.0"])
  func demo(host: String) async throws {
    let demo = try await Tail(
      command: ["demo", "--port", "0", "--host", host, "--tls-self-signed"], environment: Hooktop.environment)
    #expect(demo.url.hasPrefix("https://"))
    let lines = try await demo.lines(5)
    #expect(lines.contains { $0.contains("✓ valid") })
    #expect(!demo.process.errors.contains("incident"), "\(demo.process.errors)")
  }

  @Test("the demo takes a certificate from files that its sender can trust, and says so of others")
  func demoWithFiles() async throws {
    let certificates = try Certificates()
    try await certificates.make("own")
    let demo = try await Tail(command: ["demo", "--port", "0"] + certificates.options("own.pem", "own.key"))
    try await demo.lines(1)
    let elsewhere = ["--port", "0", "--host", "::1"] + certificates.options("own.pem", "own.key")
    let outcome = try await Hooktop.run(["demo"] + elsewhere)
    #expect(outcome.end == .exit(1))
    #expect(
      outcome.errorLines.count == 1 && outcome.errors.contains("--tls-self-signed"), "\(outcome.errors)")
  }

  @Test(
    "the screen shows the address, and the help the fingerprint",
    .enabled(if: Tool.canDrive, "needs bash, curl, openssl and tmux"))
  func screen() async throws {
    let shell = try await Shell()
    let url = try await shell.watch("hooktop watch --port 0 --tls-self-signed")
    #expect(url.hasPrefix("https://127.0.0.1:"))
    try await shell.wait(for: "Certificate SHA-256 ", "curl -k -d '{}' \(url)")
    let print = try await Tool.run(
      ["openssl", "x509", "-noout", "-fingerprint", "-sha256"], input: try await shown(by: url))
    let digits = print.split(separator: "=").last?.dropLast() ?? ""
    try await shell.press("?", "G")
    try await shell.wait(for: "Certificate, SHA-256", String(digits.prefix(47)), String(digits.suffix(47)))
    try await shell.press("Q")
    try await shell.waitForPrompt(0)
  }
}
