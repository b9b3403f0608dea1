import TestSupport
import Testing
@testable import Webhooks

@Suite struct SessionReaderTests {
  /// What each line gave, in short: the line's number and the sequence, `incident` or the error.
  private static func read(_ chunks: [[UInt8]], limit: Int = SessionReader.defaultLimit) -> [String] {
    var reader = SessionReader(limit: limit)
    var entries = chunks.flatMap { reader.read($0) }
    if let last = reader.finish() { entries.append(last) }
    return entries.map { entry in
      switch entry.result {
      case .success(.delivery(let delivery)): "\(entry.line): \(delivery.sequence)"
      case .success(.incident): "\(entry.line): incident"
      case .success(.exchange(_, let sequence)): "\(entry.line): exchange of \(sequence)"
      case .failure(let error): "\(entry.line): \(error)"
      }
    }
  }

  private static let file =
    SessionSamples.example + SessionSamples.incident + "\n  \t\r\n" + SessionSamples.example

  @Test(
    "a file gives a record for each line, however it is cut into chunks", arguments: [1, 2, 7, 100, 1 << 20])
  func chunks(size: Int) {
    let bytes = Array(Self.file.utf8)
    let chunks = stride(from: 0, to: bytes.count, by: size).map {
      Array(bytes[$0..<min($0 + size, bytes.count)])
    }
    #expect(Self.read(chunks) == ["1: 12", "2: incident", "5: 12"])
  }

  @Test("a line that can't be read is reported with its number, and the others load")
  func badLine() {
    let text = SessionSamples.example + "{\"kind\":3}\n" + SessionSamples.incident
    let unexpected = SessionError.unexpected(.kind)
    #expect(Self.read([Array(text.utf8)]) == ["1: 12", "2: \(unexpected)", "3: incident"])
  }

  @Test("a last line without a newline is a record if it is whole")
  func unended() {
    #expect(Self.read([Array(SessionSamples.example.utf8.dropLast())]) == ["1: 12"])
  }

  @Test("a last line is cut off wherever the recorder was stopped")
  func cutOff() {
    let line = Array(SessionSamples.example.replacing("analysis", with: "anälysis").utf8.dropLast())
    for length in 1..<line.count {
      let file = Array(SessionSamples.incident.utf8) + line.prefix(length)
      #expect(Self.read([file]) == ["1: incident", "2: \(SessionError.cutOff)"], "\(length)")
    }
  }

  @Test("a last line that is whole and wrong is not called cut off")
  func lastLineWrong() {
    #expect(Self.read([Array("{}".utf8)]) == ["1: \(SessionError.missing(.kind))"])
  }

  @Test("a line over the limit is an error of that line only", arguments: [1, 64, 1 << 20])
  func tooLong(size: Int) {
    let text = SessionSamples.incident + String(repeating: "x", count: 5000) + "\n" + SessionSamples.incident
    let bytes = Array(text.utf8)
    let chunks = stride(from: 0, to: bytes.count, by: size).map {
      Array(bytes[$0..<min($0 + size, bytes.count)])
    }
    let tooLong = SessionError.tooLong(limit: 1000)
    #expect(Self.read(chunks, limit: 1000) == ["1: incident", "2: \(tooLong)", "3: incident"])
    #expect(Self.read([Array(repeating: 0x78, count: 1001)], limit: 1000) == ["1: \(tooLong)"])
  }

  @Test("an empty file has nothing")
  func empty() {
    #expect(Self.read([]).isEmpty)
    #expect(Self.read([[], [0x0A], [0x20]]).isEmpty)
  }
}
