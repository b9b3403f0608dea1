import NIOCore
import NIOEmbedded
import Testing
import Webhooks

@testable import Receiver

@Suite("What an answer says of the connection")
struct KeepAliveTests {
  /// What a sender may write about the connection: as it should be, and as it should not.
  static let options = [
    "close", "CLOSE", "\tclose", "close\t", " close ", "close \t", "close,", ",close", "close , x", "x,close",
    "x, \tclose",
    "close;q=1", "close x", "closed", "c lose", "keep-alive", "keep-alive\t", "Keep-Alive , x",
    "x,\tkeep-alive",
    "keep-alive \t", "close, keep-alive", "keep-alive, close", "upgrade", "", ",", "\u{301}close",
    "close\u{301}",
  ]
  static let names = ["Connection", "CONNECTION", "Proxy-Connection", "proxy-connection", "Keep-Alive"]

  /// What comes of a request and, on the same connection, of another one.
  private func answers(_ request: String) throws -> (first: String, second: String, ring: Journal) {
    let ring = Journal()
    let channel = try Samples.channel(Samples.intake(ring))
    try channel.receive(request)
    let first = try channel.written()
    if channel.isActive { try channel.receive(Samples.post([2])) }
    return (first, try channel.written(), ring)
  }

  private func expectTruth(_ request: String) throws {
    let (first, second, ring) = try answers(request)
    let says: Comment = "\(request.debugDescription): \(first.debugDescription)"
    #expect(statuses(first) == [200], says)
    #expect(statuses(second) == (first.contains("Connection: close") ? [] : [200]), says)
    #expect(ring.reasons.isEmpty, says)
  }

  @Test("is kept: after an answer that does not close, the next request is taken", arguments: names, options)
  func headers(name: String, option: String) throws {
    for version in ["1.0", "1.1"] {
      let field = "\(name): \(option)\r\n"
      try expectTruth("POST / HTTP/\(version)\r\nHost: a\r\n\(field)\r\n")
      try expectTruth("POST / HTTP/\(version)\r\nConnection: keep-alive\r\n\(field)Host: a\r\n\r\n")
    }
  }

  @Test("is kept, whatever a trailer says", arguments: names, options)
  func trailers(name: String, option: String) throws {
    try expectTruth(
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\(name): \(option)\r\n\r\n"
    )
  }

  @Test(
    "is close where others read no wish to go on",
    arguments: [
      "POST / HTTP/1.1\r\nHost: a\r\nProxy-Connection: close\r\n\r\n",
      "POST / HTTP/1.0\r\nConnection: keep-alive\t\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nConnection: close\r\n\r\n",
    ])
  func closes(request: String) throws {
    #expect(try answers(request).first == "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
  }

  @Test("is nothing where HTTP/1.1 goes on, and keep-alive where HTTP/1.0 does")
  func staysOpen() throws {
    #expect(
      try answers("POST / HTTP/1.1\r\nHost: a\r\nConnection: x\r\n\r\n").first
        == "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    #expect(
      try answers("POST / HTTP/1.0\r\nConnection: x, keep-alive\r\n\r\n").first
        == "HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n")
  }
}
