import Foundation
import Testing

/// No name on the command line or of a file reaches the terminal as it is.
@Suite struct HostileNamesTests {
  /// Command lines with a place for a hostile word; what an option is not known to is quoted as well.
  private static let commands: [[String]] = [
    ["verify", "%"], ["verify", "%", "--json"], ["verify", "/dev/null", "--provider", "%"],
    ["verify", "/dev/null", "--header", "%"], ["verify", "/dev/null", "--at", "%"],
    ["verify", "--secret", "parlay=file:%"], ["tail", "--port", "0", "--secret", "parlay=file:%"],
    ["tail", "--port", "0", "--secret", "parlay=env:%"], ["tail", "--secret", "%=file:x"],
    ["tail", "--secret", "parlay/%=file:x"], ["tail", "--port", "%"], ["tail", "--keep-bytes", "%"],
    ["tail", "--answer", "%"], ["tail", "--port", "0", "--host", "%"], ["tail", "--%"],
    ["tail", "--port", "0", "--tls-cert", "%", "--tls-key", "%"], ["tail", "--port", "0", "--record", "%/x"],
    ["open", "%"], ["send", "--to", "%"], ["send", "--to", "http://%"], ["send", "--body", "%"],
    ["send", "--break", "%"], ["send", "%", "--to", "http://127.0.0.1:1"], ["%"], ["help", "%"],
  ]

  /// Words that can be arguments: a NUL can't, and what is not UTF-8 is repaired before the program sees it.
  private static let words: [String] = [
    "\u{1B}]0;all valid\u{7}\u{1B}[2J", "BAD\rgood\u{8}\u{8}", "\u{9B}31m\u{9D}2;x\u{9C}",
    "\u{202E}gpj.exe\u{2028}a\u{200B}b\u{AD}\u{E0041}", "two\nlines\twith\u{B}feeds\u{7F}",
    "\u{1B}[201~\u{1B}[c\u{1B}[6n\u{1B}P$qm\u{1B}\\", "\u{1B}]52;c;?\u{7}'\"$(id)`id`",
  ]

  @Test("a hostile argument is quoted safely, whatever it is refused for", arguments: commands)
  func arguments(command: [String]) async throws {
    for word in Self.words {
      let arguments = command.map { $0.replacing("%", with: word) }
      let outcome = try await Hooktop.run(arguments)
      #expect(!(outcome.output + outcome.errors).isEmpty, "\(arguments)")
      #expect(outcome.end == .exit(64) || outcome.end == .exit(1), "\(arguments)")
      expectPlain(Array((outcome.output + outcome.errors).utf8))
    }
  }

  @Test("a file with a hostile name is read, and its name is quoted safely")
  func files() async throws {
    let folder = try TemporaryFolder()
    for word in Self.words {
      let path = try folder.write(Array("{}".utf8), to: word.replacing("/", with: "_"))
      let session = try folder.write(
        Array("{\"kind\":\"incident\"}\n".utf8), to: word.replacing("/", with: "_") + ".ndjson")
      let secret = try folder.write([0xFF, 0x1B], to: "secret" + word.replacing("/", with: "_"))
      for arguments in [
        [path], [session], [session, "--provider", "parlay"], [path, "--secret", "parlay=file:\(secret)"],
        [path, "--secret", "parlay=file:\(path)"],
      ] {
        let outcome = try await Hooktop.run(["verify"] + arguments)
        expectPlain(Array((outcome.output + outcome.errors).utf8))
        #expect(!outcome.errors.contains("No such file"), "\(outcome.errors)")
      }
    }
  }
}
