import Diagnosis
import JSON
import Screen
import TestSupport
import Testing
import Webhooks

@testable import Monitor

/// The body pane shows each kind of body so that it can be read, and keeps the place where the user is.
@Suite struct BodyViewTests {
  static let gzipped = Base64.decodedLeniently(
    Array(
      "H4sIAAAAAAACA6tWykxRslJKLSuJN1TSAdKpeSVAfnlqUkZ+frZeSWpxCVA4JbEkUckqWikRyMaPY2sBi57N0FIAAAA=".utf8)[
        ...])

  static func request(_ body: [UInt8], _ type: String? = nil, encoding: String? = nil) -> Request {
    var headers: Headers = [.init("Host", "a")]
    if let type { headers.append(.init("Content-Type", type)) }
    if let encoding { headers.append(.init("Content-Encoding", encoding)) }
    return Request(headers: headers, body: body, peer: "127.0.0.1:4")
  }

  static func app(
    _ body: [UInt8], _ type: String? = nil, columns: Int = 120, rows: Int = 36, charset: Charset = .utf8
  ) throws -> App {
    var app = try App(columns: columns, rows: rows, charset: charset)
    try app.receive([request(body, type)])
    app.type("F3")
    return app
  }

  static func app(_ body: String, _ type: String? = nil, columns: Int = 120, rows: Int = 36) throws -> App {
    try app(Array(body.utf8), type, columns: columns, rows: rows)
  }

  private static let form = "application/x-www-form-urlencoded"

  /// What the body pane's title says behind the number of the delivery.
  private func title(_ app: App) -> String {
    let row = app.frame.first { $0.contains(" Body ") } ?? ""
    return row.firstMatch(of: #/Body  #1  (.*?)  18:13/#).map { String($0.1) } ?? row
  }

  @Test(
    "the title says what the body is, and b goes through the views that differ",
    arguments: [
      (#"{"a":1}"#, form, ["JSON · pretty · 7 B · header says form", "raw · 7 B", "hex · 7 B"]),
      ("a=1&b=2", form, ["form · pretty · 7 B", "raw · 7 B", "hex · 7 B"]),
      ("<a><b/></a>", nil, ["XML · pretty · 11 B", "raw · 11 B", "hex · 11 B"]),
      ("hello", nil, ["text · 5 B", "hex · 5 B"]),
      ("hello", "application/json", ["raw · 5 B · not JSON", "hex · 5 B"]),
      ("a\u{0}b", "text/plain", ["binary · hex · 3 B · header says text", "raw · 3 B"]),
      ("", nil, ["raw · 0 B · the body is empty", "hex · 0 B"]),
    ] as [(String, String?, [String])])
  func cycle(body: String, type: String?, titles: [String]) throws {
    var app = try Self.app(body, type, columns: 200)
    for title in titles + titles {
      #expect(self.title(app) == title)
      app.type("b")
    }
  }

  @Test("a view that was chosen for one body stays for the next one, as far as that has it")
  func chosen() throws {
    var app = try App()
    try app.receive([Self.request(Array("hello".utf8)), Self.request(Array("{}".utf8))])
    app.type("3b")
    #expect(app.screen.contains("raw · 2 B"))
    app.type("J")
    #expect(app.screen.contains("raw · 5 B"))
    app.type("b")
    #expect(app.screen.contains("hex · 5 B"))
    app.type("bb")
    #expect(app.screen.contains("hex · 5 B"))
  }

  private static let encoded =
    "event=call.done&to=%2B41+44+000&note=one%0Atwo&payload=%7B%22id%22%3A%22evt_1%22%2C%22n%22%3A%5B1%2C2%5D%7D"

  @Test("a form on screens of each size", arguments: [(80, 24), (120, 36), (200, 60)])
  func sizes(columns: Int, rows: Int) throws {
    let app = try Self.app(Self.encoded, Self.form, columns: columns, rows: rows)
    expectFrame(app, "body-form-\(columns)x\(rows)")
  }

  @Test("a frame of each kind")
  func frames() throws {
    let mixed = """
      --x\r\nContent-Disposition: form-data; name="meta"\r\nContent-Type: application/json\r\n\r\n{"a":[1,2]}\r
      --x\r\nContent-Disposition: form-data; name="file"\r\n\r\n\u{0}\u{1}\u{2}binary\r\n--x--\r\n
      """
    let xml =
      "<?xml version=\"1.0\"?><call id='1'><to>+41 44</to><note lang=\"en\">a\nb</note><empty/></call>"
    let bodies = [
      ("multipart", mixed, "multipart/form-data; boundary=x"), ("xml", xml, nil),
      ("text", "Dear all,\r\n\r\nthe call is done.\r\n", "text/plain"),
      ("binary", "\u{0}\u{1}PNG\u{1B}[2J", "image/png"),
    ]
    for (name, body, type) in bodies {
      expectFrame(try Self.app(body, type, columns: 120, rows: 36), "body-\(name)")
    }
    expectFrame(try Self.app(try #require(Self.gzipped), columns: 120, rows: 36), "body-gzip")
  }
}

/// A compressed body is unpacked in the background, within bounds, and said to be.
@Suite struct PackedBodyTests {
  private func body() throws -> [UInt8] { try #require(BodyViewTests.gzipped) }

  private func job(_ effects: [Effect]) -> Job? {
    for case .run(let job) in effects where job.key == .document { return job }
    return nil
  }

  /// A gzip file of so many blocks of 64 KiB, without its end.
  private func bomb(blocks: Int) -> [UInt8] {
    let block = [0, 0xFF, 0xFF, 0, 0] + [UInt8](repeating: 0x61, count: 0xFFFF)
    var bytes: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]
    for _ in 0..<blocks { bytes += block }
    return bytes
  }

  @Test("a compressed body is read in the background, and then shown unpacked, with a word about it")
  func inBackground() throws {
    var app = try App(columns: 200)
    let body = try body()
    let job = try #require(job(try app.receiveWithoutWork(BodyViewTests.request(body))))
    #expect(app.screen.contains("  reading \(body.count) B") && app.screen.contains("  \"id\": \"evt_1\","))
    app.take(job.work { 0 })
    #expect(app.screen.contains("JSON · gzip, \(body.count) B → 82 B"))
    #expect(app.screen.contains("  \"id\": \"evt_1\","))
  }

  @Test("raw is what was compressed, hexadecimal is what was sent, and what is found is what is shown")
  func views() throws {
    let body = try body()
    var app = try BodyViewTests.app(body, columns: 200)
    app.type("/webhook<Enter>")
    #expect(app.screen.contains("/webhook: 1 of 1"))
    app.type(".")
    #expect(app.screen.contains("▸"))
    app.type("b")
    #expect(
      app.screen.contains("raw · gzip, \(body.count) B → 82 B") && app.screen.contains(#"{"id":"evt_1","#))
    app.type("b")
    #expect(app.screen.contains("hex · gzip, \(body.count) B  ") && app.screen.contains("1f 8b 08"))
    #expect(app.screen.contains("/webhook: no match"))
    app.type("b")
    #expect(app.screen.contains("JSON · gzip"))
  }

  @Test("without UTF-8 the arrow is ASCII")
  func ascii() throws {
    let app = try BodyViewTests.app(try body(), columns: 200, charset: .ascii)
    #expect(app.screen.contains("gzip, \(try body().count) B -> 82 B"))
  }

  @Test("a body that holds more than may be unpacked, or is damaged, is shown as it was sent, and why")
  func refused() throws {
    var app = try BodyViewTests.app(bomb(blocks: 600), columns: 200)
    app.type("Z")
    #expect(app.screen.contains("more than 32 MiB unpacked") && app.screen.contains("1f 8b 08"))
    app = try BodyViewTests.app(Array(try body().prefix(40)), columns: 200)
    app.type("Z")
    #expect(app.screen.contains("binary · hex · gzip, 40 B · damaged or cut off"))
    app.type("b")
    #expect(app.screen.contains("\\x8B"))
  }

  @Test(
    "a header that says compressed makes nothing of a body that is not",
    arguments: ["gzip", "deflate", "br", "zstd", "identity", ""])
  func header(encoding: String) throws {
    var app = try App()
    for body in [#"{"a":1}"#, "hello", "a=1", "\u{0}\u{1}\u{2}"] {
      try app.receive([BodyViewTests.request(Array(body.utf8), encoding: encoding)])
      #expect(!app.screen.contains(" → ") && !app.screen.contains("unpacked"))
      #expect(app.screen.contains(" · \(body.utf8.count) B"), "\(body)")
    }
  }

  @Test("unpacking is given up once nobody waits for it")
  func cancelled() throws {
    let reading = BodyReading(bomb(blocks: 5), []) { true }
    #expect(reading.packing?.fault == .cancelled)
  }
}

/// The byte at the top of the body pane stays there in another view.
@Suite struct BodyPlaceTests {
  /// Members of about fifty bytes on one line.
  private static let json =
    "{" + (0..<400).map { #""member\#($0)":"the value of number \#($0)""# }.joined(separator: ",") + "}"

  /// The number of the first member that the pane shows.
  private func first(_ app: App) -> Int? {
    let rows = app.frame.dropFirst(16)
    return rows.lazy.compactMap { $0.firstMatch(of: #/member([0-9]+)/#).flatMap { Int($0.1) } }.first
  }

  @Test("pretty, raw and hex show the same place, and going round ends where it began", arguments: ["", "w"])
  func keeps(keys: String) throws {
    var app = try BodyViewTests.app(Self.json)
    app.type(keys + String(repeating: "<PgDn>", count: 10) + "jj")
    let (start, number) = (app.frame, try #require(first(app)))
    #expect(number > 50)
    app.type("b")
    #expect(first(app) == number)
    app.type("b")
    let offset = Self.json.utf8.count { _ in true }
    #expect(app.frame.contains { $0.contains(String(format(number))) }, "\(offset)")
    app.type("b")
    #expect(app.frame == start)
  }

  /// The address of the line in hexadecimal that the member begins on.
  private func format(_ number: Int) -> String {
    let before =
      Self.json.firstRange(of: "\"member\(number)\"").map { Self.json[..<$0.lowerBound].utf8.count } ?? 0
    return Hex.text(before / 8 * 8, width: 8)
  }

  @Test("who moves in the other view comes back to where that leads")
  func moved() throws {
    var app = try BodyViewTests.app(Self.json)
    app.type(String(repeating: "<PgDn>", count: 10))
    let number = try #require(first(app))
    app.type("bb" + String(repeating: "<PgDn>", count: 5) + "b")
    #expect(try #require(first(app)) > number)
  }

  @Test("the place is kept over the time that a large body is read, and in the other panes")
  func large() throws {
    let long = Self.json.dropLast() + ",\"x\":\"\(String(repeating: "x", count: 70_000))\"}"
    var app = try BodyViewTests.app(String(long))
    app.type(String(repeating: "<PgDn>", count: 10))
    let number = try #require(first(app))
    app.type("b")
    #expect(first(app) == number)
    app.type("bb")
    #expect(first(app) == number)
  }

  @Test("a form, a gzipped body and text keep it, too")
  func others() throws {
    let form = (0..<400).map { "member\($0)=\($0)" }.joined(separator: "&")
    var app = try BodyViewTests.app(form)
    app.type(String(repeating: "<PgDn>", count: 10))
    let number = try #require(first(app))
    #expect(number > 50)
    app.type("b")
    #expect(app.frame.contains { $0.contains("│member\(number)=") })
    app.type("bb")
    #expect(first(app) == number)
    let text = (0..<400).map { "member\($0)\r\n" }.joined()
    app = try BodyViewTests.app(text)
    app.type(String(repeating: "<PgDn>", count: 10))
    let line = try #require(first(app))
    app.type("b")
    #expect(first(app) == line)
  }
}

/// Whatever bytes come, a body is shown, and nothing in it drives the terminal.
@Suite struct HostileBodyTests {
  private static let types: [String?] = [
    nil, "application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b",
    "text/html",
    "text/xml", "text/plain",
  ]

  private func expectHarmless(_ app: App, _ what: String) {
    for scalar in app.screen.unicodeScalars where scalar != "\n" {
      #expect(
        scalar.value >= 0x20 && scalar.value != 0x7F && !(0x80..<0xA0).contains(scalar.value)
          && !scalar.properties.isDefaultIgnorableCodePoint, "\(what)")
    }
  }

  @Test(
    "control bytes in each kind of body are pictures in each view, and /, w, folds and movement do no harm",
    arguments: types)
  func controls(type: String?) throws {
    let hostile = "\u{1B}]0;x\u{7}\u{8}\u{9B}2J\u{202E}\u{E0041}\u{7F}\u{85}\u{2028}"
    let bodies = [
      "{\"\(hostile)\":\"\(hostile)\"}", "a\(hostile)=%1B%5B2J%0D%0A%00%9B&b=\(hostile)",
      "a=%1B%5B2J&b%1B=%07",
      "--b\r\nX\(hostile): \(hostile)\r\n\r\n\(hostile)\r\n--b--",
      "<a\(hostile) b='\(hostile)'>\(hostile)</a>",
      "<!doctype html><script>\(hostile)</script>", "\(hostile)\r\(hostile)", "\u{0}\(hostile)",
    ]
    for body in bodies {
      var app = try BodyViewTests.app(body, type)
      for keys in ["", "b", "b", "w", "b", "/x<Enter>", ".{}", "G", "<Left>", "b", "Z"] {
        app.type(keys)
        expectHarmless(app, "\(keys) in \(body.debugDescription)")
      }
    }
  }

  @Test("random and mutated bodies of every kind are laid out in every view")
  func fuzz() {
    var random = SeededRandom(seed: 12)
    let seeds = [
      #"{"a":[1,{"b":"c"}]}"#, "a=1&b=%7B%22c%22%3A1%7D",
      "--b\r\nA: 1\r\nContent-Type: text/xml\r\n\r\n<a/>\r\n--b--",
      "<a b='c'><!-- d --><![CDATA[e]]><f/>g</a>", "<html><script>a</script><p>b<br></html>", "a\r\nb\rc",
    ].map { Array($0.utf8) }
    for round in 0..<4000 {
      var body = seeds[round % seeds.count]
      for _ in 0..<Int.random(in: 0...6, using: &random) where !body.isEmpty {
        let place = Int.random(in: 0..<body.count, using: &random)
        switch Int.random(in: 0...3, using: &random) {
        case 0: body[place] = UInt8.random(in: 0...255, using: &random)
        case 1: body.remove(at: place)
        case 2: body.insert(contentsOf: seeds.randomElement(using: &random) ?? [], at: place)
        default: body.removeSubrange(place...)
        }
      }
      let reading = BodyKindTests.reading(body, Self.types[round % Self.types.count])
      for mode in PayloadMode.allCases {
        let document = reading.document(mode)
        #expect(document.lineCount >= 1)
        for line in 0..<document.lineCount {
          _ = document.line(at: line)
          let origin = document.origin(ofLine: line)
          #expect((0...body.count).contains(origin) && document.line(from: origin) <= line)
        }
      }
    }
  }

  /// Bodies whose layout could take more than their size in time or memory.
  private static let heavy: [(name: String, make: @Sendable (Int) -> [UInt8], type: String?)] = [
    ("deep XML", repeated("<a>"), nil),
    ("deep XML, closed otherwise", { repeated("<a>")($0) + repeated("</b>")($0) }, types[5]),
    ("open comments", repeated("<!-- ", "<a>"), nil), ("open quotes", repeated("<a b='", ">"), types[5]),
    ("one open quote", repeated("<a b='c\" ", ">"), types[5]),
    ("tags without an end", repeated("<a ", ">"), types[5]),
    ("open sections", repeated("<![CDATA[<?<!", ">"), types[5]), ("scripts", repeated("<script>"), types[4]),
    ("fields", repeated("a=&"), types[2]), ("ampersands", repeated("&", "="), types[2]),
    ("JSON fields", repeated("a=%5B1%5D&"), types[2]), ("parts", repeated("--b\n"), types[3]),
    ("parts inside", repeated("--b\nContent-Type: multipart/mixed; boundary=b\n\n"), types[3]),
    ("headers", repeated("--b\nA: 1\nA: 1\n"), types[3]), ("returns", repeated("\r"), nil),
    ("dashes", repeated("-"), types[3]), ("attributes", repeated("<a b=\"\" c=''/>"), nil),
    ("brackets", repeated("["), nil),
    ("one tag", { Array("<a".utf8) + repeated(" b=''", ">")($0) }, nil),
  ]

  private static func repeated(_ text: String, _ end: String = "") -> @Sendable (Int) -> [UInt8] {
    { size in
      var bytes: [UInt8] = []
      while bytes.count < size { bytes += text.utf8 }
      return bytes + end.utf8
    }
  }

  @Test(
    "a heavy body takes a time that grows with its size, and a line of it is laid out at once",
    arguments: heavy.indices)
  func grows(index: Int) {
    let (name, make, type) = Self.heavy[index]
    func cost(_ body: [UInt8]) -> Int {
      Cost.ofThread {
        let document = BodyKindTests.reading(body, type).document(.pretty)
        for line in stride(from: 0, to: document.lineCount, by: max(1, document.lineCount / 40)) {
          #expect(document.line(at: line).segments.count < 300)
        }
      }
    }
    let (quarter, whole) = (make(16 << 10), make(64 << 10))
    let found = Cost(factor: 8, slack: 30_000_000, plain: { cost(quarter) }, hostile: { cost(whole) })
    #expect(found.isWithinBound, "\(name): \(found)")
  }

  @Test("a body whose lines would take too much memory is shown as it was sent, and why")
  func memory() {
    let fields = Array("a=1".utf8) + Self.repeated("&a")(8 << 10)
    let document = BodyKindTests.reading(fields, Self.types[2]).document(
      .pretty, BodyWork(memoryLimit: 10_000))
    guard case .indexTooLarge(_, limit: 10_000)? = document.fault else {
      Issue.record("\(String(describing: document.fault))")
      return
    }
    #expect(document.mode == .raw && document.body == fields)
    #expect(BodyKindTests.reading(fields, Self.types[2]).document(.pretty).fault == nil)
  }
}
