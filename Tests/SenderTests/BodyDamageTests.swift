import TestSupport
import Testing

@testable import Sender

@Suite struct BodyDamageTests {
  private static let note = #"Zoë says "na\ïve", 田中: 👋, {x:1}"#

  @Test(
    "Python does the same to a body",
    arguments: [
      ("json.dumps(json.loads(body)).encode()", BodyDamage.rewritten),
      ("body.decode('latin-1').encode()", BodyDamage.misread),
      ("urllib.parse.urlencode({'payload': body}).encode()", BodyDamage.inForm),
    ] as [(String, @Sendable ([UInt8]) -> [UInt8])])
  func python(expression: String, damage: @Sendable ([UInt8]) -> [UInt8]) throws {
    let body = Support.sample("analysis.completed", SampleOptions(note: Self.note)).body
    let script = """
      import json, sys, urllib.parse
      body = sys.stdin.buffer.read()
      sys.stdout.buffer.write(\(expression))
      """
    let damaged = try Program.run(["python3", "-c", script], input: body)
    #expect(Support.text(damage(body)) == Support.text(damaged))
    #expect(damaged != body)
  }

  @Test("a body that a wrong character set would leave alone becomes UTF-16")
  func ascii() {
    #expect(BodyDamage.misread(Array("{}".utf8)) == [0xFF, 0xFE, 0x7B, 0, 0x7D, 0])
  }

  @Test(
    "an edit changes one digit and nothing else",
    arguments: [(#"{"a":18,"b":"x"}"#, #"{"a":19,"b":"x"}"#), ("[9]", "[8]"), ("[0]", "[1]"), ("{}", "{}")])
  func edited(body: String, edited: String) {
    #expect(Support.text(BodyDamage.edited(Array(body.utf8))) == edited)
  }

  @Test(
    "no more than half of a short body is cut off",
    arguments: [("", ""), ("{}", "{"), (#"{"name":"0123456789abcdef"}"#, #"{"name":"01234"#)])
  func cutOff(body: String, rest: String) {
    #expect(Support.text(BodyDamage.cutOff(Array(body.utf8))) == rest)
  }
}
