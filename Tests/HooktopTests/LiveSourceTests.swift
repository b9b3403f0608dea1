import Foundation
import Monitor
import Testing
import Webhooks

@testable import hooktop

struct LiveSourceTests {
  private func lines(_ bytes: [UInt8]) throws -> [RecordedLine] {
    try SampleSession.withFile(bytes) { path in
      let argument = SourceArgument(path) { _ in true }
      var source = try LiveSource(argument, follows: false, keepsNumbers: true, providers: .builtIn)
      var all: [RecordedLine] = []
      while let lines = try source.next() { all += lines }
      return all
    }
  }

  private func sequences(_ lines: [RecordedLine]) -> [UInt64] { lines.compactMap(\.delivery?.sequence) }

  @Test("what other programs say around the lines is passed over, and a broken line is told")
  func prose() throws {
    let bytes =
      Array("subscribe\nwebhooks\n1\nmessage\n".utf8) + SampleSession.delivery(4)
      + Array("\n  \n{\"kind\":\n".utf8)
      + SampleSession.delivery(7) + Array("Connection to staging closed.\n".utf8)
    let lines = try lines(bytes)
    #expect(sequences(lines) == [4, 7])
    #expect(lines.count == 3)
    guard case .skipped(let line) = lines[1] else {
      Issue.record("the broken line is not told")
      return
    }
    #expect(line.number == 8)
  }

  @Test("half a line at the end is told as such")
  func half() throws {
    let lines = try lines(SampleSession.delivery(1) + SampleSession.delivery(2).prefix(40))
    #expect(sequences(lines) == [1])
    guard case .skipped(let line)? = lines.last else {
      Issue.record("the half line is not told")
      return
    }
    #expect(line.number == 2 && line.error == .cutOff)
  }

  @Test("what the user calls a stream is the endpoint of its deliveries, before an endpoint of their own")
  func named() throws {
    func places(_ argument: (String) -> String, _ line: [UInt8]) throws -> [String?] {
      try SampleSession.withFile(line) { path in
        let source = SourceArgument(argument(path)) { $0 == path }
        var live = try LiveSource(source, follows: false, keepsNumbers: false, providers: .builtIn)
        return try (live.next() ?? []).compactMap(\.delivery).map { $0.endpoint?.name }
      }
    }
    let line = SampleSession.delivery(1)
    let own = Array(
      String(decoding: line, as: UTF8.self)
        .replacingOccurrences(of: #""sequence":1,"#, with: #""sequence":1,"endpoint":"orders","#).utf8)
    #expect(try places({ "staging=\($0)" }, line + Array("\n".utf8)) == ["staging"])
    #expect(try places({ "staging=\($0)" }, own + Array("\n".utf8)) == ["staging/orders"])
    #expect(try places({ $0 }, line + Array("\n".utf8)) == [nil])
  }

  @Test("a file that is not there is an error before anything is shown")
  func missing() throws {
    let argument = SourceArgument("/nonexistent/x") { _ in false }
    for follows in [true, false] {
      #expect(throws: FileError.self) {
        try LiveSource(argument, follows: follows, keepsNumbers: true, providers: .builtIn)
      }
    }
  }

  @Test("deliveries of several streams are numbered as they come, and exchanges go with theirs")
  func numbers() throws {
    var numbers = StreamNumbers(streams: 2)
    func delivery(_ number: UInt64, from stream: Int) throws -> UInt64? {
      let line = try #require(try lines(SampleSession.delivery(number)).first)
      return numbers.numbered(line, from: stream)?.delivery?.sequence
    }
    #expect(try delivery(12, from: 0) == 1)
    #expect(try delivery(12, from: 1) == 2)
    #expect(try delivery(13, from: 0) == 3)
    let exchange = Exchange(
      at: .now(), purpose: .forward, url: "http://127.0.0.1:3000", response: nil, failure: .refused,
      milliseconds: Exchange.Times(connect: nil, firstByte: nil, total: 1))
    func exchanged(_ number: UInt64, from stream: Int) -> UInt64? {
      guard
        case .record(.exchange(_, let own))? = numbers.numbered(
          .record(.exchange(exchange, of: number)), from: stream)
      else { return nil }
      return own
    }
    #expect(exchanged(12, from: 1) == 2 && exchanged(12, from: 0) == 1 && exchanged(13, from: 0) == 3)
    #expect(exchanged(13, from: 1) == nil)
  }

  @Test(
    "a name stands before an equals sign, unless there is such a file",
    arguments: [
      ("staging=-", "staging", "-"), ("a.b_c-1=/x/y=z", "a.b_c-1", "/x/y=z"), ("-", nil, "-"),
      ("s.ndjson", nil, "s.ndjson"),
      ("a b=c", nil, "a b=c"), ("=x", nil, "=x"), ("real=file", nil, "real=file"), ("./a=b", nil, "./a=b"),
      (String(repeating: "n", count: 41) + "=x", nil, String(repeating: "n", count: 41) + "=x"),
    ] as [(String, String?, String)])
  func argument(text: String, name: String?, path: String) {
    let argument = SourceArgument(text) { $0 == "real=file" }
    #expect(argument.name == name)
    #expect(argument.path == path)
  }
}
