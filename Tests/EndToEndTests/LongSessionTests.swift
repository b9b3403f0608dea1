import Foundation
import Glibc
import Testing

/// `hooktop open` of a recorded session whose requests stay in the file until somebody looks at them.
@Suite(.serialized, .enabled(if: Tool.canDrive, "needs bash, curl, openssl and tmux"))
struct LongSessionTests {
  private static let secret = "xq7-of-the-first"

  /// The lines of deliveries with these notes, oldest first.
  private func session(_ notes: [String]) async throws -> Data {
    let tail = try await Tail(["--json"])
    for (index, note) in notes.enumerated() {
      var post = Post()
      post.body = Data(
        #"{"id":"evt_\#(index)","event":"analysis.completed","livemode":false,"data":{"note":"\#(note)"}}"#
          .utf8)
      #expect(try await post.signed().send(to: tail.url) == 200)
    }
    return try await tail.session(notes.count)
  }

  private func opened(_ session: Data, _ shell: Shell) async throws -> String {
    let file = try shell.folder.write(session, to: "session.ndjson")
    try await shell.type("hooktop open \(file)")
    try await shell.wait(until: "all are loaded") { $0.contains("read-only") && !$0.contains("loading") }
    return file
  }

  @Test("a large request is read from the file when it is looked at, a second time too")
  func large() async throws {
    let shell = try await Shell(columns: 120, rows: 36)
    let notes = [String(repeating: "long ", count: 60_000) + "end", "short"]
    _ = try await opened(try await session(notes), shell)
    for _ in 1...2 {
      try await shell.wait(for: #""note": "short""#, "▸    2")
      try await shell.press("j")
      try await shell.wait(for: #""note": "long long"#, "293.0 KiB")
      try await shell.press("3", "/")
      try await shell.type("long end")
      try await shell.wait(for: "/long end: 1 of 1")
      try await shell.press("Escape", "1", "k")
    }
  }

  @Test("what the file does not hold any more is said to be so, and not shown, copied or exported")
  func changed() async throws {
    let shell = try await Shell(columns: 120, rows: 36)
    let session = try await session(["first", "second", "third"])
    let file = try await opened(session, shell)
    try await shell.wait(for: #""note": "third""#)
    let changed = try #require(session.firstRange(of: Data(#""body_base64":""#.utf8))).upperBound + 40
    let writer = try #require(FileHandle(forUpdatingAtPath: file))
    try writer.seek(toOffset: UInt64(changed))
    try writer.write(contentsOf: Data("AAAA".utf8))
    try writer.close()
    try await shell.press("j")
    try await shell.wait(for: #""note": "second""#)
    try await shell.press("j")
    try await shell.wait(
      for: "▸    1", "This request can no longer be read")
    #expect(try await shell.picture().row("▸    1", "✓ ok") != nil)
    for key in ["y", "Y", "D"] {
      try await shell.press("k", "j", key)
      try await shell.wait(for: "This request can no longer be read, since the session file changed")
      try await shell.press("Escape")
    }
    let marked = shell.folder.path("marked.ndjson")
    try await shell.press("k", "m", "j", "x", "Enter", "C-u")
    try await shell.type(marked)
    try await shell.wait(for: "Exported to ")
    #expect(try Record(shell.folder.text("marked.ndjson")).number("sequence") == 2)
    let export = shell.folder.path("out.ndjson")
    try await shell.press("k", "m", "x", "s", "Enter", "C-u")
    try await shell.type(export)
    try await shell.wait(for: "#1 can no longer be read")
    #expect(!FileManager.default.fileExists(atPath: export))
  }

  @Test("a filter that reads requests says how many it could not read, and takes none of them")
  func filter() async throws {
    let shell = try await Shell(columns: 120, rows: 36)
    let line = try await session(["needle"])
    let file = try shell.folder.write(Data((1...2000).map { _ in line }.joined()), to: "session.ndjson")
    try await shell.type("hooktop open \(file)")
    try await shell.wait(for: "2,000 loaded", "read-only")
    #expect(truncate(file, off_t(line.count * 100)) == 0)
    for text in ["~needle", "live:false -~needle"] {
      try await shell.press("f", "C-u")
      try await shell.type(text)
      try await shell.wait(
        for: "1,900 requests can no longer be read", "\(text == "~needle" ? "100" : "0") of 2,000")
    }
  }

  @Test("what a presentation hides is found as it is looked at, and shown again when it ends")
  func presentation() async throws {
    let shell = try await Shell(columns: 120, rows: 36)
    try await shell.record()
    _ = try await opened(try await session([Self.secret, "second"]), shell)
    try await shell.press("*")
    try await shell.wait(for: "present without:")
    try await shell.press("C-u")
    try await shell.type("$.data.note")
    try await shell.wait(for: "presenting, 1 path hidden")
    try await shell.press("j")
    try await shell.wait(for: "▸    1", #""note": "[redacted]""#)
    for key in ["o", "c", "T"] {
      try await shell.press(key)
      try await shell.wait(for: "Not available while a presentation hides values")
    }
    try await shell.press("f")
    try await shell.type("~\(Self.secret.prefix(3))")
    try await shell.wait(for: "No delivery matches the filter")
    try await shell.press("Escape")
    #expect(!String(decoding: shell.recorded, as: UTF8.self).contains(Self.secret))
    try await shell.press("*")
    try await shell.wait(for: Self.secret)
  }

  @Test("a long session takes far less memory than its file")
  func memory() async throws {
    let shell = try await Shell(columns: 120, rows: 36)
    let line = try await session([String(repeating: "sixteen letters ", count: 3000)])
    let file = try shell.folder.write(Data((1...600).map { _ in line }.joined()), to: "session.ndjson")
    try await shell.type("hooktop open \(file)")
    try await shell.wait(for: "600 loaded", "read-only", "sixteen letters")
    let id = try #require(
      ProcessEntry.all().map(\.id).first { id in
        let command = (try? String(contentsOfFile: "/proc/\(id)/cmdline", encoding: .utf8)) ?? ""
        return command.hasSuffix("hooktop\0open\0\(file)\0")
      })
    let status = try String(contentsOfFile: "/proc/\(id)/status", encoding: .utf8)
    let row = try #require(status.split(separator: "\n").first { $0.hasPrefix("RssAnon:") })
    let kilobytes = try #require(row.split(separator: " ").dropLast().last.flatMap { Int($0) })
    #expect(kilobytes * 1024 < line.count * 600 / 2, "\(kilobytes) KiB of \(line.count * 600 / 1024)")
  }
}
