import JSON
import TestSupport
import Testing
import Webhooks

@testable import Config

/// Configuration files of any bytes: read, or refused in one line that points into the file.
@Suite("Fuzz: configuration")
struct ConfigurationFuzzTests {
  /// Each section of the example by itself, with what is commented out, and all of it.
  private static let seeds: [[UInt8]] = {
    let lines = Configuration.example.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      line.wholeMatch(of: #/#([a-z][a-z-]*:.*| {2,}.*)/#).map { $0.1 } ?? line
    }
    let sections = lines.split { $0.isEmpty }.map { $0.joined(separator: "\n") + "\n" }
    let others = [
      "secrets: {parlay: env:A}\n", "a: &a [1, 2]\nb: [*a, *a]\n", "\u{FEFF}keep: 1\r\ntheme: light\r\n",
    ]
    return (sections + others + [sections.joined(separator: "\n")]).map { Array($0.utf8) }
  }()

  private static let pieces: [[UInt8]] = [
    "\n", "\n  ", "\n- ", ": ", "- ", "? ", "[", "]", "{", "}", "\"", "'", ",", "&a ", "*a", "!!str ", "|\n",
    ">\n", "# ",
    "\t", "\u{0}", "\u{E9}", "~", "null", "true", "keep:", "secrets:", "endpoints:", "providers:", "forward:",
    "<<: *a",
    "---\n", "%YAML 1.1\n", "\\", "{t}", "{hex}",
  ].map { Array($0.utf8) }

  @Test("any file is read or refused, in one line, with a place that is in it")
  func anything() {
    let outcome = Fuzz("configuration").run { round in
      round.input = round.random.input(like: Self.seeds, pieces: Self.pieces)
      do throws(ConfigurationError) {
        _ = try Configuration(reading: round.input, known: .builtIn)
        round.count("read")
      } catch {
        round.count("refused")
        let line = error.line(file: "f")
        try round.expect(!line.contains("\n") && line.utf8.count < 2000, line)
        let last = round.input.count { $0 == 0x0A || $0 == 0x0D } + 2
        try round.expect(error.place.map { 1...last ~= $0.line && $0.column > 0 } ?? true, line)
      }
    }
    #expect(outcome.failure == nil)
    #expect(outcome.reached("read", oneIn: 30))
    #expect(outcome.reached("refused", oneIn: 4))
  }
}
