import JSON
import Testing
import Webhooks

@testable import Sender

/// How an API's answers are read and printed.
struct APIDocumentTests {
  private func document(_ text: String) throws -> APIDocument { try #require(APIDocument(Array(text.utf8))) }
  private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  @Test(
    "a list is the document itself, its data, or the first list in it",
    arguments: [
      (#"[{"id":"a"},{"id":"b"}]"#, ["a", "b"]), (#"{"n":{"x":[1]},"webhooks":[{"id":"a"}],"y":[]}"#, ["a"]),
      ("[]", []), (#"{"a":1}"#, nil), (#"{"errors":[1],"data":[{"id":"a"}]}"#, ["a"]),
    ] as [(String, [String]?)])
  func lists(text: String, ids: [String]?) throws {
    let found = try document(text).items.map { items in items.map { $0["id"]?.string?.text ?? "-" } }
    #expect(found == ids)
  }

  @Test(
    "a value in words",
    arguments: [
      (#""a\u0041""#, "aA"), ("1.0", "1.0"), (#"["a","b"]"#, "a, b"),
      (#"[1, {"x": null}]"#, #"[1,{"x":null}]"#),
      ("[]", "[]"),
    ])
  func words(text: String, words: String) throws { #expect(try document(text).words.text == words) }

  @Test("the last of two members of one name counts")
  func twice() throws { #expect(try document(#"{"a":"x","a":"y"}"#)["a"]?.string == "y") }

  @Test("what could drive a terminal is escaped, numbers and order stay")
  func safe() throws {
    let sent = try document("{\"b\": 1.0, \"a\": \"\u{9B}31m\u{202E}é\", \"e\": []}")
    #expect(text(sent.compact) == #"{"b":1.0,"a":"\u009b31m\u202eé","e":[]}"#)
    #expect(text(sent.indented) == "{\n  \"b\": 1.0,\n  \"a\": \"\\u009b31m\\u202eé\",\n  \"e\": []\n}")
    #expect(
      text(sent.compact(without: ["a"], adding: [("p", "x\u{1B}"), ("q", nil)]))
        == #"{"b":1.0,"e":[],"p":"x\u001b","q":null}"#)
  }

  @Test("what is no JSON is no document", arguments: ["", "{", "nope"])
  func notJSON(text: String) { #expect(APIDocument(Array(text.utf8)) == nil) }

  private func made(_ body: String, known: APIID? = nil) throws(APIError) -> MadeSecret {
    try MadeSecret(APIResponse(status: 201, body: Array(body.utf8)), of: .listWebhooks, known: known)
  }

  @Test("a secret is kept whatever else its answer lacks")
  func secrets() throws {
    let made = try made(#"{"id":"wh_a","signing_secret":"whsec_x"}"#)
    #expect(made.secret == "whsec_x" && made.id?.text == "wh_a")
    #expect(try self.made(#"{"id":"../a","signing_secret":"whsec_x"}"#).id == nil)
    #expect(try self.made(#"{"signing_secret":"whsec_x"}"#, known: APIID("wh_b".utf8)).id?.text == "wh_b")
  }

  @Test(
    "an answer without one is an error that quotes nothing",
    arguments: ["{}", #"{"signing_secret":""}"#, "whsec_"])
  func noSecret(body: String) {
    do throws(APIError) {
      _ = try made(body)
      Issue.record("no error")
    } catch {
      #expect(!error.description.contains("whsec_"))
    }
  }
}
