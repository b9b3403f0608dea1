import JSON
import Screen
import TestSupport
import Testing
import Webhooks

@testable import Monitor

/// The list's columns: which of them there is room for, what they show, and what a search sees of them.
@Suite struct ColumnTests {
  @Test(
    "the least needed columns go first, and what the event needs is left to it",
    arguments: [
      (38, false, "# event sig"), (46, false, "# provider event sig"),
      (57, false, "# provider event mode sig"), (58, false, "# provider event mode sig size"),
      (60, false, "# time provider event mode sig"), (67, false, "# time provider event mode sig size"),
      (78, false, "# time provider event mode sig size"),
      (80, false, "# time provider event mode sig answer size"),
      (86, false, "# time ago provider event mode sig answer size"),
      (101, false, "# time ago provider event path mode sig answer size"),
      (118, false, "# time ago provider event path mode sig answer content size"),
      (200, false, "# time ago provider event path mode sig answer content size"),
      (60, true, "# provider event sig app"), (67, true, "# time provider event sig app"),
      (78, true, "# time provider event mode sig app"),
      (79, true, "# time provider event mode sig app size"),
      (200, true, "# time ago provider event path mode sig answer app content size"),
    ])
  func room(width: Int, hasApp: Bool, titles: String) {
    let columns = Fixture.columns(width, hasApp: hasApp)
    let shown = columns.heading.split(separator: " ").filter { $0 != "UTC" && $0 != "type" }
    #expect(shown.joined(separator: " ") == titles)
    #expect(columns.heading.count == width)
  }

  @Test("no width is too small or too large for the heading to fill it", arguments: 38...260)
  func widths(width: Int) {
    for hasApp in [false, true] {
      for hasDates in [false, true] {
        let heading = Fixture.columns(width, hasApp: hasApp, hasDates: hasDates).heading
        #expect(heading.count == width && heading.contains(" event "), "\(heading)")
      }
    }
  }

  @Test(
    "the provider's column takes a longer name where there is room, and never more than the event can spare",
    arguments: [(200, 17, 17), (120, 17, 12), (78, 17, 10), (60, 17, 8), (200, 8, 8), (46, 20, 8)])
  func provider(width: Int, longest: Int, due: Int) throws {
    let heading = Fixture.columns(width, providerWidth: longest).heading
    let start = try #require(heading.firstRange(of: "provider")?.lowerBound)
    let event = try #require(heading.firstRange(of: "event")?.lowerBound)
    // One or two blanks stand between columns.
    #expect((1...2).contains(heading.distance(from: start, to: event) - due), "\(heading)")
    #expect(heading.count == width)
  }

  @Test("the provider's column is as wide as the longest name that has come, and stays so")
  func widest() throws {
    var app = try list([request("/")])
    #expect(app.model.providerWidth == 8)
    let long = Provider("a-sender-with-a-very-long-name", scheme: Provider.gitHub.scheme)
    for (provider, due) in [(Provider.gitHub, 8), (.standardWebhooks, 17), (.parlay, 17), (long, 20)] {
      let envelope = Envelope(provider: provider)
      try app.receive([
        Arrival(
          receivedAt: Fixture.start, request: request("/"), envelope: envelope, verdict: Verdict(.noSecret),
          answer: Answer(status: 200, milliseconds: 1))
      ])
      #expect(app.model.providerWidth == due)
    }
    #expect(app.screen.contains(" standard-webhooks "))
    #expect(app.screen.contains(" a-sender-with-a-ver… "))
  }

  @Test("air between columns is given up for one column more")
  func air() {
    #expect(Fixture.columns(78).heading.contains("provider  event"))
    #expect(Fixture.columns(80).heading.contains("provider event"))
  }

  /// The list alone, which has all of its columns on a wide screen.
  private func list(_ requests: [Request], columns: Int = 200) throws -> App {
    var app = try App(columns: columns, rows: 24)
    try app.receive(requests)
    app.type("Z")
    return app
  }

  private func request(_ target: ByteString, _ contentType: String? = nil) -> Request {
    var headers = Headers([.init("Host", "a")])
    if let contentType { headers.append(.init("content-type", contentType)) }
    return Request(target: target, headers: headers, body: Array("hello".utf8), peer: "127.0.0.1:4")
  }

  /// What stands below a title in the first row.
  private func cell(_ title: String, _ app: App) throws -> String {
    let line = try #require(app.frame[2].firstRange(of: " \(title)"))
    let start = app.frame[2].distance(from: app.frame[2].startIndex, to: line.lowerBound)
    return String(app.frame[3].dropFirst(start + 1).prefix { $0 != " " })
  }

  @Test(
    "a request without an event shows its path, without the query, in the event's place and in the path's")
  func path() throws {
    let app = try list([request("/hooks/deploy?token=1", "text/plain; charset=utf-8")])
    #expect(try cell("event", app) == "/hooks/deploy")
    #expect(try cell("path", app) == "/hooks/deploy")
    #expect(try cell("content type", app) == "text/plain")
    #expect(!app.screen.contains("token"))
    #expect(try cell("answer", app) == "401")
  }

  @Test("on a narrow screen the path is seen in the event's column alone")
  func narrow() throws {
    let app = try list([request("/hooks/deploy?x")], columns: 80)
    #expect(try cell("event", app) == "/hooks/deploy")
    #expect(!app.frame[2].contains("path"))
  }

  @Test("without a content type and with a query alone, the cells are not empty")
  func nothing() throws {
    let app = try list([request("/?a=b")])
    #expect(try cell("content type", app) == "-" && cell("path", app) == "/")
  }

  @Test("an answer that waits for the app is an ellipsis until it is given")
  func answer() throws {
    var app = try App(columns: 200, rows: 24, forward: "127.0.0.1:3000")
    let held = try app.hold(try Fixture.parlay())
    #expect(try cell("answer", app) == "…")
    try app.settle(
      held,
      Exchange(
        at: Fixture.start, purpose: .forward, url: "http://127.0.0.1:3000/",
        response: .init(status: 503, headers: Headers(), body: [], bodySize: 0), failure: nil,
        milliseconds: .init(connect: 1, firstByte: 1, total: 2)))
    #expect(try cell("answer", app) == "503")
  }

  @Test(
    "an age follows the moment of the last message", arguments: [(0.4, "0 s"), (59, "59 s"), (245, "4 m")])
  func age(seconds: Double, text: String) throws {
    var app = try list([request("/")])
    _ = app.model.update(.ticked, at: Timestamp(seconds: Fixture.start.seconds + seconds))
    #expect(app.frame[3].contains(" \(text) "))
    #expect(app.model.ages == [text])
    #expect(app.model.showsAge)
  }

  @Test("where no age is shown, no tick is wanted")
  func noAge() throws {
    for (columns, keys) in [(80, ""), (120, ""), (200, "3Z")] {
      var app = try App(columns: columns, rows: 36)
      try app.receive([request("/")])
      app.type(keys)
      #expect(!app.model.showsAge && app.model.ages == [])
    }
    #expect(try !App(columns: 200, rows: 60).model.showsAge)
  }

  @Test("the summary changes with time, whatever the list shows")
  func summary() throws {
    var app = try list([request("/")])
    app.type("a")
    #expect(app.model.showsAge && app.model.ages == nil)
  }

  @Test(
    "a search finds what the row shows",
    arguments: ["hooks/dep", "text/pl", "401", "missing", "n/a", "18:13", "#1", "5"])
  func search(text: String) throws {
    var app = try list([request("/hooks/deploy?token=1", "text/plain; charset=utf-8")])
    app.type("/\(text)<Enter>")
    #expect(app.frame.last == " \(text): in the list")
  }

  @Test("a search does not see what the row leaves out", arguments: ["token", "charset", "0 s"])
  func unseen(text: String) throws {
    var app = try list([request("/hooks/deploy?token=1", "text/plain; charset=utf-8")])
    app.type("/\(text)<Enter>")
    #expect(app.frame.last == " No delivery holds \(text)")
  }

  @Test("a search sees the columns alone that there is room for")
  func unseenColumn() throws {
    var app = try list([request("/hooks", "text/plain")], columns: 80)
    app.type("/text/plain<Enter>")
    #expect(app.frame.last == " No delivery holds text/plain")
    app.type("<Esc>/hooks<Enter>")
    #expect(app.frame.last == " hooks: in the list")
  }

  @Test("attempts and duplicates are found as they are written")
  func attempts() throws {
    var app = try list([try Fixture.parlay(), try Fixture.parlay()])
    #expect(app.frame[3].contains("try 2 dup"))
    app.type("/try 2<Enter>")
    #expect(app.model.list.selected == 2)
    #expect(app.frame.last == " try 2: in the list")
  }
}
