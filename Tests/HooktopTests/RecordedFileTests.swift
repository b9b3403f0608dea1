import Dispatch
import Foundation
import Glibc
import JSON
import Monitor
import Sender
import Synchronization
import Testing
import Webhooks

@testable import hooktop

struct RecordedFileTests {
  /// What the lines of a file are: `d3` a delivery, `i` an incident, `x2` a line that is skipped.
  private func words(_ bytes: [UInt8]) throws -> String {
    try SampleSession.withFile(bytes) { path in
      var file = try RecordedFile(path, providers: .builtIn)
      var words: [String] = []
      while let lines = try file.next() {
        for line in lines {
          switch line {
          case .record(.delivery(let delivery)): words.append("d\(delivery.sequence)")
          case .record(.incident): words.append("i")
          case .record(.exchange(_, let sequence)): words.append("e\(sequence)")
          case .skipped(let line): words.append("x\(line.number)")
          }
        }
      }
      #expect(file.percent == 100)
      return words.joined(separator: " ")
    }
  }

  private let junk = Array("junk\n".utf8)

  @Test("deliveries, incidents and lines that can't be read come in the order of the file")
  func order() throws {
    let first = SampleSession.delivery(1)
    #expect(try words(first + SampleSession.incident + SampleSession.delivery(2)) == "d1 i d2")
    #expect(try words(junk + first + junk + first) == "x1 d1 x3 d2")
    #expect(try words(SampleSession.incident) == "i")
  }

  @Test("saved requests are those of the sender whose secret is there, where several have the header")
  func shared() throws {
    let now = Timestamp(seconds: 1_745_518_397)
    let body = Array(#"{"type":"x"}"#.utf8)
    let text = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    for provider in [Provider.standardWebhooks, .svix] {
      let secret = try SigningSecret(text, label: provider.name, provider: provider)
      let signed = Request(headers: [.init("webhook-id", "msg_1")], body: body).signed(
        with: secret, as: .standardWebhooks, at: now)
      let head = signed.headers.map { "\($0.name): \($0.value)\r\n" }.joined()
      let dump = "POST / HTTP/1.1\r\nHost: a\r\n\(head)\r\n"
      try SampleSession.withFile(Array(dump.utf8) + body) { path in
        var file = try RecordedFile(path, providers: .builtIn)
        file.verify(with: Verifier(keyring: Keyring([secret]), tolerance: 1e9), at: nil)
        let delivery = try #require(try file.next()?.first?.delivery)
        #expect(delivery.envelope.provider == provider)
        #expect(delivery.verdict.macMatches == true && delivery.envelope.event == "x")
      }
    }
  }

  @Test("a last line that is cut is skipped, one that only lacks its newline is read")
  func cut() throws {
    let two = SampleSession.delivery(1) + SampleSession.delivery(2)
    #expect(try words(two.dropLast(1)) == "d1 d2")
    for length in [2, 10, SampleSession.delivery(2).count - 1] {
      #expect(try words(two.dropLast(length)) == "d1 x2")
    }
    #expect(try words(two.dropLast(10) + Array("\n".utf8) + SampleSession.delivery(1)) == "d1 x2 d2")
  }

  @Test("what is appended while it is read is not read: a replay to what records there comes to an end")
  func growing() throws {
    let run = (1...100).flatMap { SampleSession.delivery(UInt64($0)) }
    try SampleSession.withFile(run) { path in
      var file = try RecordedFile(path, providers: .builtIn)
      let writer = try #require(FileHandle(forWritingAtPath: path))
      defer { try? writer.close() }
      var count = 0
      while count < 1000, let lines = try file.next() {
        count += lines.count
        try writer.seekToEnd()
        try writer.write(contentsOf: run)
      }
      #expect(count == 100 && file.percent == 100)
    }
  }

  @Test("a file that loses its end while it is read gives what it had, and then says so, once")
  func shortened() throws {
    let run = (1...6000).flatMap { SampleSession.delivery(UInt64($0)) }
    try SampleSession.withFile(run) { path in
      var file = try RecordedFile(path, providers: .builtIn)
      var count = try file.next()?.count ?? 0
      #expect(count > 0 && count < 6000 && truncate(path, off_t(run.count / 2)) == 0)
      let error = #expect(throws: FileError.self) {
        while let lines = try file.next() { count += lines.count(where: \.isRecord) }
      }
      #expect(error?.description.contains("became shorter while it was read") == true)
      #expect((2900...3100).contains(count))
      #expect(try file.next()?.count == nil)
    }
  }

  @Test("numbers go on across pieces of the file")
  func long() throws {
    let run = (1...3000).flatMap { SampleSession.delivery(UInt64($0)) }
    #expect(try words(run + run) == (1...6000).map { "d\($0)" }.joined(separator: " "))
  }

  @Test("a file without any line that can be read is none, and says which line and why")
  func noSession() throws {
    for (bytes, words) in [
      ([], "no deliveries in"), (Array("\n \n".utf8), "no deliveries in"),
      (Array("\nhello\n".utf8), "; line 2: the line is not JSON from byte 0 on"),
      (Array(#"{"kind":"#.utf8), "; line 1: the last line is cut off"),
      (Array("{}\n{}\n".utf8), "is not a recorded session; line 1: kind is missing"),
    ] {
      let error = #expect(throws: RecordedFileError.self) { try self.words(bytes) }
      #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }
  }

  @Test("the first line of a session may be the 1,000th, and no later one")
  func foreignLines() throws {
    func file(_ count: Int) -> [UInt8] {
      Array(repeatElement(junk, count: count).joined()) + SampleSession.delivery(1)
    }
    #expect(try words(file(999)).hasSuffix("x999 d1"))
    let error = #expect(throws: RecordedFileError.self) { try self.words(file(1000)) }
    #expect(error?.description.contains("; line 1: the line is not JSON") == true)
  }

  @Test("of a file that is no session, no more is read than the lines that may stand before one")
  func soon() throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "hooktop-pipe-\(UUID().uuidString)")
      .path
    #expect(mkfifo(path, 0o600) == 0)
    defer { unlink(path) }
    let taken = Mutex(0)
    let isOver = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      let pipe = open(path, O_WRONLY)
      let lines = Array(repeatElement(self.junk, count: 1000).joined())
      // Ends once nobody reads any more; far enough for all that could be read.
      while taken.withLock({ $0 }) < 8 << 20, case let count = write(pipe, lines, lines.count), count > 0 {
        taken.withLock { $0 += count }
      }
      close(pipe)
      isOver.signal()
    }
    signal(SIGPIPE, SIG_IGN)
    #expect(throws: RecordedFileError.self) { try RecordedFile(path, providers: .builtIn) }
    isOver.wait()
    // The lines themselves, one piece more, and what stands in the pipe.
    #expect(taken.withLock { $0 } < 256 << 10)
  }

  @Test("an endless file is given up on")
  func endless() {
    #expect(throws: RecordedFileError.self) { try RecordedFile("/dev/zero", providers: .builtIn) }
  }

  @Test("a folder and a file that is not there say so")
  func unreadable() {
    for path in ["/", "/nonexistent/session.ndjson"] {
      #expect(throws: FileError.self) { try RecordedFile(path, providers: .builtIn) }
    }
  }

  @Test("the name is the last part of the path")
  func name() throws {
    try SampleSession.withFile(SampleSession.incident) { path in
      let name = try RecordedFile(path, providers: .builtIn).name
      #expect(path.hasSuffix("/" + name))
    }
  }
}

extension RecordedFileTests {
  fileprivate func words(_ bytes: ArraySlice<UInt8>) throws -> String { try words(Array(bytes)) }
}
