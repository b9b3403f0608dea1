import Testing

@testable import Config

/// What can be read of bytes that may be anything, and what is said of the rest.
struct YAMLDocumentTests {
  private static func fault(_ text: String) -> String? {
    do throws(ConfigurationError) {
      _ = try YAMLDocument.read(Array(text.utf8))
      return nil
    } catch {
      return error.line(file: "f")
    }
  }

  @Test(
    "a document without values is none", arguments: ["", "\n", "# a comment\n", "\u{FEFF}", "---\n...\n"])
  func empty(text: String) throws {
    let document = try YAMLDocument.read(Array(text.utf8))
    #expect(document == nil || document?.content == .nothing)
  }

  private static let wrong: [(String, String)] = [
    ("a: 1\n\tb: 2\n", "f:2:1: found a tab, which YAML does not take here: indent with spaces"),
    ("a: \u{0}", "f:1:4: found the control character 00: remove it, or write it as \\x00 in double quotes"),
    ("a: [1, 2\nb: 3\n", "f:2:2: not YAML: "),
    ("a: b: c", "f:1:5: not YAML: mapping values are not allowed in this context"),
    ("a: 1\nb: 2\na: 3\n", "f:1:1: found a, which is given twice: leave one"),
    ("x: *nobody", "f:1:4: not YAML: found undefined alias"),
    ("x: &a [1]\n? *a\n: 1", "f:2:1: found an alias or a list as a key: write the key out"),
    ("x: &a [1]\n[*a, *a]: 1", "f:2:8: found an alias or a list as a key: write the key out"),
    ("x: &a [1]\ny: {[*a]:1}", "f:2:8: found an alias or a list as a key: write the key out"),
    ("[1]: 2", "f:1:1: found an alias or a list as a key: write the key out"),
    ("a: 1\n---\nb: 2\n", "f:2:1: not YAML: "),
  ]

  @Test("what can't be read is said with its place", arguments: wrong)
  func faults(text: String, line: String) {
    #expect(Self.fault(text)?.hasPrefix(line) == true, "\(Self.fault(text) ?? "no fault")")
  }

  @Test("bytes that are not UTF-8 are found where they stand")
  func notUTF8() {
    let error = #expect(throws: ConfigurationError.self) {
      try YAMLDocument.read(Array("é: 1\nb: é".utf8) + [0xFF])
    }
    #expect(error == ConfigurationError(.notUTF8, at: Place(line: 2, column: 5)))
  }

  @Test("aliases that stand for billions of values are refused at once, as values and as keys")
  func exploding() {
    var text = "a0: &a0 [x, x]\n"
    for level in 1...40 { text += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
    let clock = ContinuousClock()
    let time = clock.measure {
      #expect(Self.fault(text)?.contains("with what the aliases stand for") == true)
      #expect(Self.fault(text + "? *a40\n: 1\n")?.contains("as a key") == true)
      #expect(Self.fault(text + "b: \"x *a40 : 1\"\n")?.contains("with what the aliases stand for") == true)
    }
    #expect(time < .seconds(5))
  }

  @Test("what is nested too deep or is too large is refused")
  func large() {
    let deep = String(repeating: "[", count: 40) + String(repeating: "]", count: 40)
    #expect(
      Self.fault("a: \(deep)")?.hasSuffix("nested more than 32 deep: a configuration is flatter") == true)
    for count in [900, 100_000] {
      let open = String(repeating: "[", count: count)
      #expect(Self.fault("a: \(open)") != nil)
      #expect(Self.fault("a: \(open)\(String(repeating: "]", count: count))")?.contains("deep") == true)
    }
    #expect(Self.fault(String(repeating: "- ", count: 100_000) + "a")?.contains("deep") == true)
    #expect(Self.fault(String(repeating: "#", count: 10 << 20))?.hasPrefix("f: larger than 256 KiB") == true)
    #expect(
      Self.fault("[" + String(repeating: "a,", count: 30_000) + "]")?.contains("more than 20000") == true)
  }

  @Test("an alias stands for what it names, and quoted texts with colons are no keys")
  func aliases() throws {
    let text = "a: &t \"{t}:{body}\"\nb: [*t, '*t : x', \"]: \\\" *t : \"]\n"
    let document = try #require(try YAMLDocument.read(Array(text.utf8)))
    guard case .map(let entries) = document.content else { throw ConfigurationError(.tooMany, at: nil) }
    #expect(entries.map(\.key) == ["a", "b"])
    #expect(
      entries[1].value.elements.map(\.content) == [
        .text("{t}:{body}"), .text("*t : x"), .text("]: \" *t : "),
      ])
  }

  @Test("only a plain word is nothing, and a text in quotes is one")
  func nothing() throws {
    let document = try #require(
      try YAMLDocument.read(Array("[~, null, , '', 'null']".replacing(", , ", with: ", ").utf8)))
    #expect(document.elements.map(\.content) == [.nothing, .nothing, .text(""), .text("null")])
  }
}
