import JSON
import Screen
import Testing
import Webhooks

@testable import Monitor

/// Whatever a large body is, its beginning is shown at once, as it will stand.
@Suite struct BodyBeginningTests {
  /// A large body, its type and encoding, and what is seen of it at once.
  struct Large: CustomTestStringConvertible {
    let testDescription: String
    let body: [UInt8]
    var type = "text/plain"
    var encoding: String?
    let shows: String
    /// How many of the last lines that are shown at once may stand otherwise when all has been read.
    var loose = 1

    init(
      _ name: String, _ body: [UInt8], _ type: String = "text/plain", encoding: String? = nil, shows: String,
      loose: Int = 1
    ) {
      (testDescription, self.body, self.type, self.encoding) = (name, body, type, encoding)
      (self.shows, self.loose) = (shows, loose)
    }

    init(_ name: String, _ body: String, _ type: String = "text/plain", shows: String, loose: Int = 1) {
      self.init(name, Array(body.utf8), type, shows: shows, loose: loose)
    }

    var request: Request {
      var fields = [Headers.Field("Host", "h"), .init("Content-Type", type)]
      if let encoding { fields.append(.init("Content-Encoding", encoding)) }
      return Request(headers: Headers(fields), body: body, peer: "127.0.0.1:1")
    }
  }

  /// A text without an end, 200 KB of it.
  private static func many(_ piece: String) -> String {
    String(repeating: piece, count: 200_000 / piece.utf8.count)
  }

  /// A gzip file of stored blocks.
  private static func gzipped(_ bytes: [UInt8]) -> [UInt8] {
    var file: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF]
    for start in stride(from: 0, to: bytes.count, by: 8000) {
      let block = bytes[start...].prefix(8000)
      let size = UInt16(block.count)
      file.append(block.endIndex == bytes.count ? 1 : 0)
      for number in [size, ~size] { file += [UInt8(number & 0xFF), UInt8(number >> 8)] }
      file += block
    }
    return file + [UInt8](repeating: 0, count: 8)
  }

  private static let form = "application/x-www-form-urlencoded"
  static let bodies = [
    Large("JSON", "[\(many(#"{"a":"b"},"#))1]", shows: #""a": "b""#),
    Large("a string", "\"\(many("one two é "))\"", shows: "one two"),
    Large("a string in JSON", "{\"a\":{\"b\":\"\(many("x"))\"}}", shows: "\"b\": \"xxx"),
    Large("broken JSON", "[1,2,}\(many(" 3,"))]", shows: "[1,2,}"),
    Large("a long name", "{\"\(many("n"))\":1}", shows: "\"nnn"),
    Large(
      "a form", "first=1\(many("&a%20long%20name%20x=c+d"))", "application/octet-stream",
      shows: "a long name x = c d"),
    Large("an announced form", "first=1 2\(many("&a=c d"))", form, shows: "a = c d"),
    Large("JSON in a form", "payload=%7B%22a%22%3A%5B\(many("%22b%22%2C"))1%5D%7D", form, shows: #""a": ["#),
    Large("XML", "<list>\(many("<item id='1'>text</item>\n"))</list>", shows: "<item id='1'>text</item>"),
    Large(
      "HTML", "<!DOCTYPE html><html><body>\(many("<p>text</p>"))</body></html>", "text/html",
      shows: "<p>text</p>"),
    Large("text", many("line of text\n"), shows: "line of text"),
    Large("text in DOS lines", many("line of text\r\n"), shows: "line of text"),
    Large("one line of text", many("word é "), shows: "word é word"),
    Large("binary", (0..<200_000).map { UInt8(truncatingIfNeeded: $0) }, shows: "00 01 02 03"),
    Large(
      "multipart",
      "--x\r\nA: 1\r\n\r\nshort\r\n--x\r\nContent-Type: application/json\r\n\r\n[\(many("1,"))2]\r\n--x--",
      "multipart/form-data; boundary=x", shows: "part 1, 5 B", loose: 495),
    Large("gzip", gzipped(Array("[\(many(#"{"a":"b"},"#))1]".utf8)), shows: #""a": "b""#),
    Large(
      "text that only the header calls brotli", Array(many("line\n").utf8), encoding: "br", shows: "line"),
  ]

  /// Lets the request arrive, and gives the job that reads its body.
  private func job(_ request: Request, in app: inout App) throws -> Job {
    for case .run(let job) in try app.receiveWithoutWork(request) where job.key == .document { return job }
    Issue.record("the body is not read in the background")
    throw CancellationError()
  }

  private func lines(_ app: App) -> [[UInt8]] {
    guard let content = app.model.inspection?.parts[.body]?.content else { return [] }
    return (0..<min(600, content.lineCount)).map { content.runs(line: $0, search: nil).flatMap(\.bytes) }
  }

  @Test("the first lines are shown at once, and stay as they are when all has been read", arguments: bodies)
  func pretty(large: Large) throws {
    var app = try App(columns: 120, rows: 30)
    let job = try job(large.request, in: &app)
    #expect(app.screen.contains("  reading 1") || app.screen.contains("  reading 4"))
    #expect(app.screen.contains(large.shows), "\(app.screen)")
    let beginning = lines(app)
    #expect((1...500).contains(beginning.count))
    app.take(job.work { 0 })
    #expect(!app.screen.contains("  reading"))
    // A line that was cut off goes on, or is closed.
    let stays = lines(app).starts(with: beginning.dropLast(large.loose))
    #expect(stays)
    #expect(app.screen.contains(large.shows), "\(app.screen)")
  }

  @Test("as they are as they were sent", arguments: bodies)
  func raw(large: Large) throws {
    var app = try App(columns: 120, rows: 30)
    try app.receive([try Fixture.parlay()])
    app.type("b")
    let job = try job(large.request, in: &app)
    let beginning = lines(app)
    let last = try #require(beginning.last)
    #expect(app.screen.contains("  reading") && beginning.first?.isEmpty == false)
    app.take(job.work { 0 })
    #expect(app.model.inspection?.document?.mode == .raw)
    // A line that was cut off goes on.
    let stays = lines(app).starts(with: beginning.dropLast())
    let goesOn = lines(app)[beginning.count - 1].starts(with: last)
    #expect(stays && goesOn)
  }

  @Test("keys move in the beginning, wrapped or not, and where they led to is where all is then shown")
  func moves() throws {
    for large in Self.bodies where large.testDescription.contains("string") || large.type == Self.form {
      var app = try App(columns: 120, rows: 30)
      try app.receive([try Fixture.parlay()])
      app.type("3w")
      let job = try job(large.request, in: &app)
      app.type("Z<PgDn><PgDn>jj")
      let (viewport, frame) = (app.model.inspection?.parts[.body]?.viewport, app.frame)
      #expect(app.screen.contains("  reading") && viewport?.top != Viewport.Place(), "\(large)")
      app.take(job.work { 0 })
      #expect(app.model.inspection?.parts[.body]?.viewport == viewport, "\(large)")
      #expect(app.frame[2..<28] == frame[2..<28], "\(large)")
    }
  }

  @Test("of a compressed body that breaks at once nothing is shown but that it is being read")
  func broken() throws {
    var app = try App(columns: 200, rows: 30)
    let body: [UInt8] = [0x1F, 0x8B, 8] + Array(repeating: 0xFF, count: 100_000)
    let job = try job(Large("", body, shows: "").request, in: &app)
    #expect(app.screen.contains("Reading 97.7 KiB."))
    app.take(job.work { 0 })
    #expect(app.screen.contains("damaged or cut off"))
  }

  @Test(
    "no more than the first 64 KiB of a stream are read while the keys wait",
    arguments: [(1000, true), (20_000, false)])
  func emptyBlocks(count: Int, isShown: Bool) throws {
    var app = try App(columns: 120, rows: 30)
    // Blocks out of which nothing comes.
    let blocks = (0..<count).flatMap { _ in [0, 0, 0, 0xFF, 0xFF] as [UInt8] }
    let file = Self.gzipped(Array("a text".utf8))
    let body = file.prefix(10) + blocks + file.dropFirst(10)
    let job = try job(Large("", Array(body), shows: "").request, in: &app)
    #expect(app.screen.contains("a text") == isShown && app.screen.contains("Reading ") != isShown)
    app.take(job.work { 0 })
    #expect(app.screen.contains("a text"))
  }

  @Test("who moves in the beginning of another view stays there when all has been read")
  func otherView() throws {
    var app = try App(columns: 120, rows: 30)
    app.take(try job(Self.bodies[0].request, in: &app).work { 0 })
    app.type("3")
    var read: Job?
    for case .run(let job) in app.model.update(.key(.character("b")), at: Fixture.start) { read = job }
    app.type("w<PgDn><PgDn>")
    let viewport = app.model.inspection?.parts[.body]?.viewport
    #expect(app.screen.contains("  reading") && viewport?.top.row ?? 0 > 5)
    app.take(try #require(read).work { 0 })
    #expect(app.model.inspection?.parts[.body]?.viewport == viewport)
  }

  @Test("of a part that is cut off no size is told")
  func part() throws {
    var app = try App(columns: 120, rows: 60)
    let large = try #require(Self.bodies.first { $0.testDescription == "multipart" })
    let job = try job(large.request, in: &app)
    #expect(app.screen.contains("part 1, 5 B") && app.screen.contains("part 2 "))
    app.take(job.work { 0 })
    #expect(app.screen.contains("part 2, 195.3 KiB"))
  }

  @Test("who changes the view further down stays there while the body is read")
  func furtherDown() throws {
    var app = try App(columns: 120, rows: 30)
    let large = Self.bodies[0]
    app.take(try job(large.request, in: &app).work { 0 })
    app.type("3G")
    var read: Job?
    for case .run(let job) in app.model.update(.key(.character("b")), at: Fixture.start) { read = job }
    #expect(app.screen.contains("Reading ") && !app.screen.contains("  reading"))
    app.take(try #require(read).work { 0 })
    #expect(app.screen.contains(",1]"))
  }
}
