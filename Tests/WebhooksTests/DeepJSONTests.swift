import TestSupport
import Testing

@testable import JSON
@testable import Webhooks

/// Bodies nested a hundred thousand deep, on a thread with a small stack: whoever recursed would not come back.
@Suite("Deep JSON")
struct DeepJSONTests {
  /// As deep as a view still lays out.
  static let shownBodies = [
    DeepBody("arrays", "[", "]", levels: 10_000), DeepBody("objects", #"{"a":"#, "}", levels: 10_000),
    DeepBody("both in turn", #"[{"data":"#, "}]", levels: 5000),
  ]

  @Test("the tokens and the fields of the envelope are read", arguments: DeepBody.all)
  func reading(body: DeepBody) {
    let result = SmallStack.run {
      let tokens = (try? JSONLexer.tokens(of: body.bytes, maximumDepth: .max))?.count
      let request = Request(headers: Headers([.init("X-Parlay-Event", "a")]), body: body.bytes)
      return (tokens: tokens, envelope: Envelope(reading: request))
    }
    let isWhole = body.bytes.last != UInt8(ascii: "[") && body.bytes.last != UInt8(ascii: ":")
    #expect((result?.tokens != nil) == isWhole)
    #expect(result?.envelope.provider == Provider.parlay)
    #expect(result?.envelope.eventID == (body.name.hasPrefix("objects with an id") ? "x" : nil))
  }

  @Test("what is too deep for the pretty view is shown raw, with the reason", arguments: DeepBody.all)
  func tooDeep(body: DeepBody) {
    let lines = SmallStack.run {
      let document = PayloadDocument(body.bytes, mode: .pretty)
      let search = PayloadSearch("a").matches(in: body.bytes).ranges.count
      return (document.fault?.sentence, document.mode, PayloadText.sentBytes(document).count, search)
    }
    #expect(lines?.0?.hasSuffix("JSON is nested more than 10000 levels deep") == true)
    #expect(lines?.1 == .raw)
    #expect(lines?.2 == body.bytes.count)
  }

  @Test("ten thousand levels are laid out, folded, unfolded and searched", arguments: shownBodies)
  func shown(body: DeepBody) {
    let result = SmallStack.run {
      var document = PayloadDocument(body.bytes, mode: .pretty)
      let lines = document.lineCount
      let middle = body.bytes.count / 2
      document.foldAll()
      let folded = document.lineCount
      let place = document.reveal(offset: middle)
      let revealed = document.line(at: place).segments.count
      document.fold(line: document.line(containing: middle))
      document.unfoldAll()
      return (lines, folded, revealed, document.lineCount, PayloadText.sentBytes(document))
    }
    #expect(result?.0 == 20_001)
    #expect(result?.1 == 3)
    #expect((result?.2 ?? 0) > 0)
    #expect(result?.3 == result?.0)
    #expect(result?.4 == body.bytes)
  }

  @Test("a session keeps such a body, and refuses a line that is itself so deep", arguments: DeepBody.all)
  func session(body: DeepBody) throws {
    let delivery = Delivery(
      sequence: 1, receivedAt: Samples.now, request: Request(headers: Headers(), body: body.bytes),
      envelope: Envelope(), verdict: Verdict(.ok), isDuplicate: false, attempt: 1,
      answer: Answer(status: 200, milliseconds: 0))
    let line = Array(SessionSamples.line(delivery).utf8)
    let deep = Array(#"{"kind":"delivery","new":"#.utf8) + body.bytes + Array("}\n".utf8)
    let result = SmallStack.run {
      var reader = SessionReader()
      return reader.read(line + deep).map(\.result)
    }
    guard let result, result.count == 2, case .success(.delivery(let read)) = result[0] else {
      Issue.record("read as \(String(describing: result?.count))")
      return
    }
    #expect(read.request.body == body.bytes)
    #expect(throws: SessionError.self) { try result[1].get() }
  }

  @Test("a filter looks for a text in it", arguments: DeepBody.all)
  func filter(body: DeepBody) throws {
    let filter = try Filter("~nowhere | ~\"[[[\" | ~\"{\\\"\"")
    let delivery = Samples.delivery(body: String(decoding: body.bytes, as: UTF8.self))
    #expect(SmallStack.run { filter.matches(delivery) } == true)
  }
}
