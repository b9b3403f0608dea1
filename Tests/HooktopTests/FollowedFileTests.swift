import Foundation
import Synchronization
import Testing

@testable import hooktop

struct FollowedFileTests {
  /// A file that is followed: each time that nothing more is in it, the next of some steps is done with it.
  private final class Bench {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "hooktop-followed-\(UUID().uuidString)"
    ).path
    var path: String { "\(folder)/session.ndjson" }

    init(_ content: String) throws {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try write(content, path)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func write(_ text: String, _ path: String) throws { try Data(text.utf8).write(to: URL(filePath: path)) }

    /// The next pieces, as text; `-` is a new beginning.
    func pieces(_ count: Int, _ steps: [@Sendable (String) -> Void]) throws -> [String] {
      let path = path
      let left = Mutex(steps[...])
      let rests = Mutex(0)
      var file = try FollowedFile(path) {
        if let step = left.withLock({ $0.popFirst() }) { return step(path) }
        usleep(1000)
        // A test that waits for what does not come has to end.
        let count = rests.withLock { count in
          count += 1
          return count
        }
        if count > 2000 { FollowedFileTests.append("over")(path) }
      }
      return try (0..<count).map { _ in
        switch try file.next() {
        case .bytes(let bytes): String(decoding: bytes, as: UTF8.self)
        case .restart: "-"
        }
      }
    }
  }

  private static func append(_ text: String) -> @Sendable (String) -> Void {
    { path in
      let file = FileHandle(forWritingAtPath: path)!
      file.seekToEndOfFile()
      file.write(Data(text.utf8))
    }
  }

  @Test("what is added is read as it comes, halves of lines too")
  func grows() throws {
    let bench = try Bench("one\ntw")
    #expect(
      try bench.pieces(3, [Self.append("o\n"), Self.append("three\n")]) == ["one\ntw", "o\n", "three\n"])
  }

  @Test("a file that is cut is read from its beginning")
  func cut() throws {
    let bench = try Bench("one\ntwo\n")
    let steps: [@Sendable (String) -> Void] = [{ truncate($0, 0) }, Self.append("new\n")]
    #expect(try bench.pieces(3, steps) == ["one\ntwo\n", "-", "new\n"])
  }

  @Test("where another file takes its name, the old one is read to its end, and then the new one")
  func rotated() throws {
    let bench = try Bench("one\n")
    let steps: [@Sendable (String) -> Void] = [
      { path in
        // What writes still has the old one open.
        let old = FileHandle(forWritingAtPath: path)!
        rename(path, path + ".1")
        try! Data("new\n".utf8).write(to: URL(filePath: path))
        old.seekToEndOfFile()
        old.write(Data("last\n".utf8))
      }
    ]
    #expect(try bench.pieces(4, steps) == ["one\n", "last\n", "-", "new\n"])
  }

  @Test("a file that is gone is waited for under its name")
  func removed() throws {
    let bench = try Bench("one\n")
    let steps: [@Sendable (String) -> Void] = [
      { unlink($0) }, { _ in }, { try! Data("new\n".utf8).write(to: URL(filePath: $0)) },
    ]
    #expect(try bench.pieces(3, steps) == ["one\n", "-", "new\n"])
  }
}
