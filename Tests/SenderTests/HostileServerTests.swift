import Testing
import Webhooks

@testable import Sender

/// A server that answers as no server should, and what comes of a delivery to it.
struct HostileServer: Sendable, CustomTestStringConvertible {
  /// What the sender makes of it.
  enum Outcome: Equatable, Sendable {
    case status(Int)
    case notHTTP, closed, timeout
  }

  let name: String
  let steps: [LoopbackServer.Step]
  let due: Outcome

  var testDescription: String { name }

  init(_ name: String, _ due: Outcome, _ steps: LoopbackServer.Step...) {
    self.name = name
    self.due = due
    self.steps = steps
  }

  init(_ name: String, _ due: Outcome, _ text: String) {
    self.init(name, due, .send(Array(text.utf8)))
  }

  /// A whole response with this status line behind `HTTP/1.1`.
  private static func line(_ status: String, _ due: Outcome) -> HostileServer {
    HostileServer("status \(status)", due, "HTTP/1.1 \(status)\r\ncontent-length: 0\r\n\r\n")
  }

  private static func bytes(_ text: String) -> LoopbackServer.Step { .send(Array(text.utf8)) }

  private static let ok = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"

  static let all = statuses + heads + interim + bodies + ends

  private static let statuses =
    ["000 Zero", "000", "001 One", "042 X", "099 X", "0 X", "-1 X", "+200 X", "20 X", "1000 X", "2000 X"]
    .map { line($0, .notHTTP) }
    + ["99999999999999999999 X", "0x200 X", "2x0 X", " 200 OK", "\u{0}200 OK", ""].map { line($0, .notHTTP) }
    + [
      line("200", .status(200)), line("200 ", .status(200)), line("600 X", .status(600)),
      line("999 X", .status(999)), line("101 Switching Protocols", .status(101)),
      HostileServer("status 000 with a body", .notHTTP, "HTTP/1.1 000 X\r\ncontent-length: 2\r\n\r\nok"),
      HostileServer(
        "status 000 with chunks", .notHTTP,
        "HTTP/1.1 000 X\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"),
      HostileServer("status 000 to the end", .notHTTP, bytes("HTTP/1.1 000 X\r\n\r\nok"), .close),
      HostileServer("status 050 and then 200", .notHTTP, "HTTP/1.1 050 X\r\n\r\n" + ok),
    ]

  private static let heads = [
    HostileServer("nothing but line ends", .timeout, "\r\n\r\n\r\n"),
    HostileServer("letters", .notHTTP, String(repeating: "A", count: 100_000)),
    HostileServer("zeros", .notHTTP, .send([UInt8](repeating: 0, count: 1000))),
    HostileServer("bytes that are no text", .notHTTP, .send([0xFF, 0xFE, 0x80, 0x0D, 0x0A, 0x0D, 0x0A])),
    HostileServer("HTTP/2 frames", .notHTTP, .send([0, 0, 0, 4, 0, 0, 0, 0, 0])),
    HostileServer("HTTP/2.0", .notHTTP, "HTTP/2.0 200 OK\r\n\r\n"),
    HostileServer("HTTP/0.9", .notHTTP, "HTTP/0.9 200 OK\r\n\r\n"),
    HostileServer("HTTP/9.9", .notHTTP, "HTTP/9.9 200 OK\r\n\r\n"),
    HostileServer("a request", .notHTTP, "POST / HTTP/1.1\r\nhost: a\r\n\r\n"),
    HostileServer("a NUL in a field", .notHTTP, "HTTP/1.1 200 OK\r\na: b\u{0}c\r\n\r\n"),
    HostileServer("a NUL in the reason", .notHTTP, "HTTP/1.1 200 O\u{0}K\r\n\r\n"),
    HostileServer("a field without a colon", .notHTTP, "HTTP/1.1 200 OK\r\nabc\r\n\r\n"),
    HostileServer("a field without a name", .notHTTP, "HTTP/1.1 200 OK\r\n: abc\r\n\r\n"),
    HostileServer(
      "a head of 200 KB in one field", .notHTTP,
      "HTTP/1.1 200 OK\r\na: " + String(repeating: "x", count: 200_000) + "\r\n\r\n"),
    HostileServer(
      "a head of 100,000 fields", .notHTTP,
      "HTTP/1.1 200 OK\r\n" + String(repeating: "a: b\r\n", count: 100_000) + "\r\n"),
    HostileServer(
      "an endless field", .notHTTP, bytes("HTTP/1.1 200 OK\r\na: "),
      .endless([UInt8](repeating: 0x78, count: 65536))),
    HostileServer(
      "endless fields", .notHTTP, bytes("HTTP/1.1 200 OK\r\n"), .endless(Array("a: b\r\n".utf8))),
    HostileServer(
      "an endless reason", .notHTTP, bytes("HTTP/1.1 200 "), .endless([UInt8](repeating: 0x78, count: 65536))),
    HostileServer("byte by byte", .status(200), .slowly(Array(ok.utf8))),
  ]

  private static let interim = [
    HostileServer("100 first", .status(200), "HTTP/1.1 100 Continue\r\n\r\n" + ok),
    HostileServer("103 first", .status(200), "HTTP/1.1 103 Early Hints\r\nlink: a\r\n\r\n" + ok),
    HostileServer("many 100", .status(200), String(repeating: "HTTP/1.1 100 X\r\n\r\n", count: 5000) + ok),
    HostileServer("100 with a length", .status(200), "HTTP/1.1 100 X\r\ncontent-length: 5\r\n\r\n" + ok),
    HostileServer("100 alone", .timeout, "HTTP/1.1 100 Continue\r\n\r\n"),
    HostileServer("100, and then the end", .closed, bytes("HTTP/1.1 100 Continue\r\n\r\n"), .close),
    HostileServer("100 without an end", .timeout, .endless(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8))),
    HostileServer(
      "101, and then another protocol", .status(101),
      "HTTP/1.1 101 X\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n\u{1}\u{2}\u{3}"),
    HostileServer("101, and then 200", .status(101), "HTTP/1.1 101 X\r\n\r\n" + ok),
  ]

  private static let bodies = [
    HostileServer("two responses", .status(200), ok + ok),
    HostileServer("a response, and then garbage", .status(200), ok + "\u{0}\u{1}garbage"),
    HostileServer("a response, and then 000", .status(200), ok + "HTTP/1.1 000 X\r\n\r\n"),
    HostileServer("204 with a body", .status(204), "HTTP/1.1 204 X\r\ncontent-length: 5\r\n\r\nhello"),
    HostileServer("304 with a body", .status(304), "HTTP/1.1 304 X\r\ncontent-length: 5\r\n\r\nhello"),
    HostileServer(
      "no such chunk size", .status(200), "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n"),
    HostileServer(
      "a chunk of 2^64 bytes", .status(200),
      "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n10000000000000000\r\n"),
    HostileServer(
      "a NUL in a trailer", .status(200),
      "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX: \u{0}\r\n\r\n"),
    HostileServer(
      "a body without an end", .status(200), bytes("HTTP/1.1 200 OK\r\n\r\n"),
      .endless([UInt8](repeating: 0x78, count: 65536))),
    HostileServer(
      "less than the length", .status(200), bytes("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf"), .close),
    HostileServer(
      "more than the length", .status(200), bytes("HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nmore"), .close),
    HostileServer(
      "a length and chunks", .notHTTP,
      "HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"),
    HostileServer(
      "two lengths", .notHTTP, "HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\nok"),
    HostileServer("a length of -1", .notHTTP, "HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n"),
    HostileServer(
      "a length of 2^64", .notHTTP, "HTTP/1.1 200 OK\r\ncontent-length: 18446744073709551616\r\n\r\n"),
    HostileServer(
      "gzip that is none", .status(200),
      "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 2\r\n\r\nok"),
  ]

  private static let ends = [
    HostileServer("the end at once", .closed, .close),
    HostileServer("a reset at once", .closed, .reset),
    HostileServer("the end in the status line", .closed, bytes("HTTP/1.1 20"), .close),
    HostileServer("the end in a field", .closed, bytes("HTTP/1.1 200 OK\r\na: b"), .close),
    HostileServer("a reset in a field", .closed, bytes("HTTP/1.1 200 OK\r\na: b"), .reset),
    HostileServer("silence in a field", .timeout, "HTTP/1.1 200 OK\r\na: b"),
  ]
}

/// No answer of a server can end the program, or keep a delivery beyond its time.
@Suite(.timeLimit(.minutes(2))) struct HostileServerTests {
  /// Posts two deliveries in turn, since what follows an answer is met by the next one.
  private func outcomes(of server: LoopbackServer, body: Int) async -> [HostileServer.Outcome?] {
    let delivery = OutgoingDelivery(
      label: "", headers: Headers(), body: [UInt8](repeating: 0x61, count: body))
    return await Poster.open(timeouts: PostTimeouts(connect: 1, answer: 1)) { poster in
      var outcomes: [HostileServer.Outcome?] = []
      for number in 1...2 {
        outcomes.append(Self.outcome(await poster.report(number, delivery, to: server.url).result))
      }
      return outcomes
    }
  }

  private static func outcome(_ result: Result<PostAnswer, PostError>) -> HostileServer.Outcome? {
    switch result {
    case .success(let answer): .status(answer.status)
    case .failure(.other(_, "the answer is not HTTP")): .notHTTP
    case .failure(.closedEarly): .closed
    case .failure(.answerTimedOut): .timeout
    case .failure(let error):
      { () -> HostileServer.Outcome? in
        Issue.record("\(error)")
        return nil
      }()
    }
  }

  @Test(
    "a status before the end of a long body counts, and 000 there is no answer", arguments: [200, 413, 0])
  func early(status: Int) async throws {
    let digits = "00\(status)".suffix(3)
    let server = LoopbackServer(.early("HTTP/1.1 \(digits) X\r\ncontent-length: 0\r\n\r\n"))
    defer { server.stop() }
    let first = try #require(await outcomes(of: server, body: 16 << 20).first)
    // What is left of the body may be seen to fail before what the server sent is.
    #expect(status == 0 ? first == .notHTTP || first == .closed : first == .status(status))
  }

  @Test("every answer is a status or an error in plain words", arguments: HostileServer.all)
  func answers(server: HostileServer) async {
    let loopback = LoopbackServer(.steps(server.steps))
    defer { loopback.stop() }
    let outcomes = await outcomes(of: loopback, body: 10)
    #expect(outcomes.first == server.due)
    // What followed the first answer may be taken for the second one's.
    #expect(outcomes.last == server.due || outcomes.last == .notHTTP || outcomes.last == .closed)
  }
}
