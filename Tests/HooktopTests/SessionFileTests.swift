import TestSupport
import Foundation
import Glibc
import Testing
import Webhooks

@testable import hooktop

@Suite struct SessionFileTests {
  private let folder = FileManager.default.temporaryDirectory.appending(path: "session-\(UUID().uuidString)")
  private var path: String { folder.appending(path: "session.ndjson").path }

  init() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  private func removeFolder() {
    try? FileManager.default.removeItem(at: folder)
  }

  private func incident(_ detail: String) -> SessionRecord {
    .incident(
      Incident(
        receivedAt: Timestamp(microseconds: 0), reason: .aborted, detail: detail, peer: "p", status: nil))
  }

  private func delivery(bodySize: Int) -> Delivery {
    Delivery(
      sequence: 7, receivedAt: Timestamp(microseconds: 0),
      request: Request(headers: Headers(), body: [UInt8](repeating: 0x41, count: bodySize)),
      envelope: Envelope(), verdict: Verdict(.noHeader), isDuplicate: false, attempt: 1,
      answer: Answer(status: 401, milliseconds: 0))
  }

  private var details: [String] {
    get throws {
      var reader = SessionReader()
      let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
      let entries = reader.read(bytes) + [reader.finish()].compactMap { $0 }
      return entries.map { entry in
        switch entry.result {
        case .success(.incident(let incident)): incident.detail
        case .success(.delivery): "a delivery"
        case .success(.exchange): "an exchange"
        case .failure(let error): "\(error)"
        }
      }
    }
  }

  @Test("a new file is only its owner's, and each record is a line of it")
  func new() throws {
    defer { removeFolder() }
    let file = try SessionFile(path)
    try file.record(incident("one"), body: nil)
    try file.record(incident("two"), body: nil)
    #expect(try details == ["one", "two"])
    var status = stat()
    #expect(lstat(path, &status) == 0)
    #expect(status.st_mode & 0o7777 == 0o600)
  }

  @Test("a line whose body was encoded beforehand is what it always is", arguments: [false, true])
  func encodedBefore(isCut: Bool) throws {
    defer { removeFolder() }
    let start = isCut ? #"{"kind":"deliv"# : ""
    try Data(start.utf8).write(to: URL(filePath: path))
    let delivery = delivery(bodySize: 300_001)
    let body = try #require(EncodedBody(delivery.request.body))
    try SessionFile(path).record(.delivery(delivery), body: body)
    var writer = SessionWriter()
    writer.write(delivery)
    let due = Array((isCut ? start + "\n" : "").utf8) + writer.bytes
    #expect(try [UInt8](Data(contentsOf: URL(filePath: path))) == due)
  }

  @Test("a session that is there is gone on with, and one that others could read is closed to them")
  func existing() throws {
    defer { removeFolder() }
    do { try SessionFile(path).record(incident("one"), body: nil) }
    #expect(chmod(path, 0o644) == 0)
    try SessionFile(path).record(incident("two"), body: nil)
    #expect(try details == ["one", "two"])
    var status = stat()
    #expect(lstat(path, &status) == 0)
    #expect(status.st_mode & 0o7777 == 0o600)
  }

  @Test("a line that was cut off before does not take the next one with it")
  func cut() throws {
    defer { removeFolder() }
    try Data(#"{"kind":"deliv"#.utf8).write(to: URL(filePath: path))
    try SessionFile(path).record(incident("one"), body: nil)
    let details = try details
    #expect(details.count == 2)
    #expect(details.last == "one")
  }

  @Test("where the file is removed, or another takes its place, the next record is in a file of that name")
  func removed() throws {
    defer { removeFolder() }
    let file = try SessionFile(path)
    try file.record(incident("one"), body: nil)
    #expect(unlink(path) == 0)
    #expect(file.takeNotice() == nil)
    try file.record(incident("two"), body: nil)
    #expect(try details == ["two"])
    #expect(
      file.takeNotice() == "\(path) was removed or replaced: recording goes on in the file of that name")
    #expect(file.takeNotice() == nil)
    let other = folder.appending(path: "other").path
    do { try SessionFile(other).record(incident("another"), body: nil) }
    #expect(rename(other, path) == 0)
    try file.record(incident("three"), body: nil)
    #expect(try details == ["another", "three"])
    try file.record(incident("four"), body: nil)
    #expect(try details == ["another", "three", "four"])
  }

  @Test("where it is removed and can't be made again, nothing counts as recorded until it can")
  func removedForGood() throws {
    defer { removeFolder() }
    let file = try SessionFile(path)
    removeFolder()
    #expect(throws: RecordError.cannotOpen(path: path, code: ENOENT)) {
      try file.record(incident("one"), body: nil)
    }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try file.record(incident("two"), body: nil)
    #expect(try details == ["two"])
  }

  @Test("a renamed file is still the one that is recorded to")
  func renamed() throws {
    defer { removeFolder() }
    let file = try SessionFile(path)
    #expect(rename(path, folder.appending(path: "old").path) == 0)
    try file.record(incident("one"), body: nil)
    #expect(rename(folder.appending(path: "old").path, path) == 0)
    #expect(try details == ["one"])
  }

  @Test("a line that another program cuts, or begins, does not take the next one with it")
  func cutWhileOpen() throws {
    defer { removeFolder() }
    let file = try SessionFile(path)
    try file.record(incident("one"), body: nil)
    try file.record(incident("two"), body: nil)
    let length = try Data(contentsOf: URL(filePath: path)).count
    #expect(truncate(path, off_t(length - 5)) == 0)
    try file.record(incident("three"), body: nil)
    let details = try details
    #expect(details.count == 3)
    #expect(details.first == "one" && details.last == "three")
    #expect(truncate(path, 0) == 0)
    try file.record(incident("four"), body: nil)
    #expect(try self.details == ["four"])
  }

  @Test("what another program puts in its place is left as it is, and nothing counts as recorded")
  func foreignWhileOpen() throws {
    defer { removeFolder() }
    let file = try SessionFile(path)
    try file.record(incident("one"), body: nil)
    let handle = try #require(FileHandle(forWritingAtPath: path))
    try handle.truncate(atOffset: 0)
    try handle.write(contentsOf: Data("hi".utf8))
    #expect(throws: RecordError.notASession(path: path)) { try file.record(incident("two"), body: nil) }
    #expect(try Data(contentsOf: URL(filePath: path)) == Data("hi".utf8))
  }

  @Test(
    "what there is no room for leaves nothing behind, and what comes after it is recorded",
    arguments: [false, true])
  func full(isEncodedBefore: Bool) throws {
    defer { removeFolder() }
    let file = try SessionFile(path)
    try file.record(incident("one"), body: nil)
    let length = try Data(contentsOf: URL(filePath: path)).count
    // The limit is the process's, so it stands only while one line is written.
    var limits = rlimit()
    #expect(getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limits) == 0)
    // Other tests write, too, but below this size.
    let large = delivery(bodySize: 12 << 20)
    let body = isEncodedBefore ? EncodedBody(large.request.body) : nil
    var low = rlimit(rlim_cur: rlim_t(8 << 20), rlim_max: limits.rlim_max)
    #expect(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &low) == 0)
    let error = #expect(throws: RecordError.self) { try file.record(.delivery(large), body: body) }
    #expect(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limits) == 0)
    #expect(error == .cannotWrite(path: path, code: EFBIG))
    #expect(try Data(contentsOf: URL(filePath: path)).count == length, "the part of the line is taken back")
    try file.record(incident("two"), body: nil)
    #expect(try details == ["one", "two"])
  }

  @Test("two programs can't record to one file")
  func twice() throws {
    defer { removeFolder() }
    let file = try SessionFile(path)
    #expect(throws: RecordError.inUse(path: path)) { try SessionFile(path) }
    try file.record(incident("one"), body: nil)
  }

  @Test("a folder, a pipe and a path that leads nowhere are refused")
  func refused() throws {
    defer { removeFolder() }
    #expect(throws: RecordError.cannotOpen(path: folder.path, code: EISDIR)) { try SessionFile(folder.path) }
    #expect(throws: RecordError.cannotOpen(path: "/nonexistent/x", code: ENOENT)) {
      try SessionFile("/nonexistent/x")
    }
    #expect(mkfifo(path, 0o600) == 0)
    #expect(throws: RecordError.notAFile(path: path)) { try SessionFile(path) }
  }

  @Test(
    "a session that another program has printed anew is gone on with, as open takes it",
    arguments: [
      { $0.replacing("\":", with: "\": ") },
      { "\u{FEFF}" + $0 },
      {
        "{"
          + $0.dropFirst().split(separator: ",", maxSplits: 1).reversed().joined(separator: ",")
          .replacing("}\n,", with: ",") + "}\n"
      },
    ] as [@Sendable (String) -> String])
  func printedAnew(change: @Sendable (String) -> String) throws {
    defer { removeFolder() }
    do { try SessionFile(path).record(incident("one"), body: nil) }
    let line = change(try String(contentsOf: URL(filePath: path), encoding: .utf8))
    try Data(line.utf8).write(to: URL(filePath: path))
    try SessionFile(path).record(incident("two"), body: nil)
    #expect(try details == ["one", "two"], "\(line)")
  }

  @Test(
    "a file that holds something else is left as it is",
    arguments: [
      "hi", "{}", "\n", #"{"kinds":1}"#, #"{"kind":"PodList","items":[]}"#,
      #"{"id":"evt_1", "kind": "delivery", "data": {}}"#,
    ])
  func foreign(content: String) throws {
    defer { removeFolder() }
    try Data(content.utf8).write(to: URL(filePath: path))
    #expect(chmod(path, 0o644) == 0)
    #expect(throws: RecordError.notASession(path: path)) { try SessionFile(path) }
    #expect(try Data(contentsOf: URL(filePath: path)) == Data(content.utf8))
    var status = stat()
    #expect(lstat(path, &status) == 0)
    #expect(status.st_mode & 0o7777 == 0o644)
  }

  @Test(
    "every error says what to do",
    arguments: [
      (
        RecordError.cannotOpen(path: "a", code: EACCES),
        "a can't be recorded to: Permission denied; record to another file"
      ),
      (.notAFile(path: "a"), "a is not a file: record to one, new or recorded before"),
      (.inUse(path: "a"), "a is being recorded to by another program: record to another file"),
      (
        .notASession(path: "a"),
        "a holds something other than a recorded session: record to another file, or a new one"
      ),
      (
        .cannotWrite(path: "a", code: ENOSPC),
        "a can't be written: No space left on device; make room, and the next one is recorded"
      ),
    ])
  func words(error: RecordError, sentence: String) {
    #expect(error.description == sentence)
  }
}
