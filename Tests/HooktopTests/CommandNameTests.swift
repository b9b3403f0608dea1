import JSON
import Testing

@testable import hooktop

struct CommandNameTests {
  private static let names = ["watch", "demo", "tail", "verify", "send", "open", "help"]

  private static func fault(_ words: String...) -> String? {
    do throws(CommandName.Unknown) {
      try CommandName.check(words, among: names)
      return nil
    } catch {
      return error.description
    }
  }

  @Test("commands, options and nothing at all are no unknown command")
  func known() {
    #expect(Self.fault() == nil)
    #expect(Self.fault("verify", "nonsense") == nil)
    #expect(Self.fault("--port", "80") == nil)
    #expect(Self.fault("help") == nil)
    #expect(Self.fault("help", "send") == nil)
  }

  @Test(
    "an unknown command is named, with the one that was probably meant",
    arguments: [
      ("verfy", "there is no command verfy; did you mean verify? See 'hooktop --help' for the commands."),
      ("opne", "there is no command opne; did you mean open? See 'hooktop --help' for the commands."),
      ("nonsense", "there is no command nonsense. See 'hooktop --help' for the commands."),
    ])
  func unknown(word: String, sentence: String) {
    #expect(Self.fault(word) == sentence)
    #expect(Self.fault("help", word) == sentence)
  }

  @Test(
    "the distance counts letters that are added, left out, changed or exchanged",
    arguments: [
      ("", "", 0), ("tail", "tail", 0), ("tal", "tail", 1), ("taail", "tail", 1), ("tail", "bail", 1),
      ("tial", "tail", 1), ("send", "", 4), ("abcd", "wxyz", 4), ("dneo", "demo", 2),
    ])
  func distance(left: String, right: String, count: Int) {
    #expect(EditDistance.between(left.utf8, right.utf8) == count)
    #expect(EditDistance.between(right.utf8, left.utf8) == count)
  }

  @Test("a short word is not said to be meant for one that shares little with it")
  func short() {
    #expect(EditDistance.nearest(to: "foo", among: ["zoom"]) == nil)
    #expect(EditDistance.nearest(to: "zom", among: ["zoom"]) == "zoom")
  }

  @Test("a word as long as a book costs nothing")
  func long() {
    let word = String(repeating: "x", count: 10_000_000)
    #expect(EditDistance.nearest(to: word, among: Self.names) == nil)
  }
}
