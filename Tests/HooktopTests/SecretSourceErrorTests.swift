import Testing

@testable import hooktop

struct SecretSourceErrorTests {
  @Test(
    "bytes that are not UTF-8 are refused, not repaired",
    arguments: [[0xFF], [0x61, 0xC3], [0xED, 0xA0, 0x80]] as [[UInt8]])
  func notText(bytes: [UInt8]) {
    #expect(throws: SecretSourceError.self) {
      try SecretSourceError.text(bytes, of: "parlay", from: "what was typed")
    }
  }

  @Test("text is taken as it is, white space and all")
  func text() throws {
    #expect(
      try SecretSourceError.text(Array(" whsec_é\r".utf8), of: "parlay", from: "a file") == " whsec_é\r")
  }

  @Test(
    "every error says what to do",
    arguments: [
      (
        .noVariable(name: "X", label: "parlay"),
        "no environment variable X for the secret parlay: export it, or use file:PATH or prompt"
      ),
      (.unreadable(label: "parlay", reason: "why"), "the secret for parlay can't be read: why"),
      (.noTerminal(label: "a"), "there is no terminal to ask for the secret a: use env:VAR or file:PATH"),
      (
        .notText(label: "parlay", source: "what was typed"),
        "the secret for parlay can't be used: what was typed is not UTF-8 text; copy the secret again"
      ),
    ] as [(SecretSourceError, String)])
  func words(error: SecretSourceError, words: String) {
    #expect(error.description == words)
  }
}
