import JSON
import Receiver
import Sender
import Testing
import Webhooks

@testable import Sandbox

/// Parable: the push, and the pull API behind it.
struct CaptureTests {
  private func capture(_ bench: inout Bench, _ data: String? = nil) throws -> String {
    let body =
      data.map { #"{"event":"capture.processed","data":\#($0)}"# } ?? #"{"event":"capture.processed"}"#
    let answer = bench.call("POST", "/v1/events", body)
    #expect(answer.status == 202)
    return try #require(answer.text("id"))
  }

  private func page(_ bench: inout Bench, _ query: String) throws -> (
    ids: [String], next: String?, hasMore: Bool?
  ) {
    let answer = bench.call("GET", "/api/v1/captures\(query)")
    #expect(answer.status == 200)
    let object = try #require(answer.object)
    let ids = object["data"]?.elements?.compactMap { $0.object?["id"]?.string } ?? []
    return (ids, object["next_cursor"]?.string, object["has_more"]?.bool)
  }

  @Test(
    "a capture is pushed within a minute of it, with the document that the pull API gives, in the documented request"
  )
  func push() throws {
    var bench = Bench()
    try bench.openParable()
    let id = try capture(&bench)
    #expect(bench.wait().isEmpty)
    let sent = try #require(bench.wait(60).first)
    let body = try #require(JSONObject(sent.body))
    #expect(body["event"]?.string == "capture.processed" && body["delivery_id"]?.string == sent.deliveryID)
    #expect(body["emitted_at"]?.string == "2026-04-24T18:54:17.867Z")
    #expect(body["data"]?.object?["id"]?.string == id)
    #expect(body["data"]?.raw == bench.call("GET", "/api/v1/captures/\(id)").body)
    let names = sent.request.headers.map(\.name.text)
    #expect(names == ["content-type", "x-parable-event", "x-parable-delivery", "x-parable-signature"])
    bench.settle(sent, 500)
    let again = try #require(bench.wait(60).first)
    #expect(again.deliveryID == sent.deliveryID && again.body == sent.body)
  }

  @Test("without an endpoint a capture is in the pull API all the same, and so is one that was given up")
  func givenUp() throws {
    var bench = Bench { $0.timeScale = 100 }
    let unheard = try capture(&bench)
    try bench.openParable()
    let id = try capture(&bench)
    var attempts = 0
    while let due = bench.core.state.nextDue {
      bench.now = max(bench.now, due)
      for departure in bench.wait() {
        attempts += 1
        bench.settle(departure, 500)
      }
    }
    #expect(attempts == 7)
    #expect(try page(&bench, "").ids == [unheard, id])
  }

  @Test("captures come the newest last, a page at a time, and a cursor goes on where the page before ended")
  func pages() throws {
    var bench = Bench()
    let ids = try (0..<5).map { _ in try capture(&bench) }
    let first = try page(&bench, "?limit=2")
    #expect(first.ids == Array(ids[..<2]) && first.hasMore == true)
    let second = try page(&bench, "?cursor=\(first.next ?? "")&limit=3")
    #expect(second.ids == Array(ids[2...]) && second.hasMore == false)
    let end = try page(&bench, "?cursor=\(second.next ?? "")")
    #expect(end.ids.isEmpty && end.next == nil && end.hasMore == false)
    let late = try capture(&bench)
    #expect(try page(&bench, "?cursor=\(second.next ?? "")").ids == [late])
  }

  @Test("a page ends by its bytes, too, and holds one capture at least")
  func largePages() throws {
    var bench = Bench { $0.limits.page = 1000 }
    let ids = try [300, 300, 600, 2000, 100].map {
      try capture(&bench, #"{"t":"\#(String(repeating: "a", count: $0))"}"#)
    }
    var (pages, cursor): ([[String]], String?) = ([], "0")
    while let start = cursor, pages.count < 9 {
      let part = try page(&bench, "?cursor=\(start)")
      pages.append(part.ids)
      cursor = part.hasMore == true ? part.next : nil
    }
    #expect(pages == [Array(ids[..<2]), [ids[2]], [ids[3]], [ids[4]]])
  }

  @Test(
    "a wrong cursor or limit is 422", arguments: ["limit=0", "limit=201", "limit=x", "cursor=-1", "cursor=x"])
  func wrongPage(query: String) {
    var bench = Bench()
    let field = query.prefix { $0 != "=" }
    #expect(bench.call("GET", "/api/v1/captures?\(query)").error == "422 invalid_field \(field)")
  }

  @Test("a later fix renames a speaker everywhere in the current document, and changes nothing else")
  func rename() throws {
    var bench = Bench { $0.isChaotic = true }
    let id = try capture(&bench)
    let before = bench.call("GET", "/api/v1/captures/\(id)").body
    let old = try #require(Transcript.speaker(in: before))
    bench.now = bench.now.adding(121)
    let after = bench.call("GET", "/api/v1/captures/\(id)").body
    let new = try #require(Transcript.speaker(in: after))
    #expect(new != old && !names(after).contains(old) && names(before).contains(old))
    #expect(Transcript.renaming(new, to: old, in: after) == before)
    #expect(try page(&bench, "").ids == [id])
  }

  private func names(_ document: [UInt8]) -> [String] {
    let object = JSONObject(document)
    let people = object?["participants"]?.elements?.compactMap { $0.object?["name"]?.string } ?? []
    return people + (object?["segments"]?.elements?.compactMap { $0.object?["speaker"]?.string } ?? [])
  }

  @Test("a document of the caller's is kept byte for byte behind the capture's id, and never renamed")
  func own() throws {
    var bench = Bench { $0.isChaotic = true }
    let id = try capture(&bench, #"{"id":"mine", "title": "é", "participants":[{"name":"A"}], "n": 1.0}"#)
    bench.now = bench.now.adding(1000)
    let body = bench.call("GET", "/api/v1/captures/\(id)").body
    #expect(
      String(decoding: body, as: UTF8.self)
        == #"{"id":"\#(id)","title":"é","participants":[{"name":"A"}],"n":1.0}"#)
  }

  @Test("the stream is bounded: the oldest captures go, and a cursor before them goes on with what there is")
  func bounded() throws {
    var bench = Bench { $0.limits.captures = 3 }
    let ids = try (0..<5).map { _ in try capture(&bench) }
    #expect(try page(&bench, "").ids == Array(ids[2...]))
    #expect(try page(&bench, "?cursor=1").ids == Array(ids[2...]))
    #expect(try page(&bench, "?cursor=4").ids == [ids[4]])
    #expect(bench.call("GET", "/api/v1/captures/\(ids[0])").error == "404 not_found id")
  }
}
