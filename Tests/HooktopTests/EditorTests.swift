import Foundation
import JSON
import OperatingSystem
import Testing
import Webhooks

@testable import Monitor
@testable import hooktop

@Suite("The user's editor")
struct EditorTests {
  private static let order = EditOrder(
    delivery: Journal().hold(
      Arrival(
        receivedAt: Timestamp(microseconds: 0),
        request: Request(headers: Headers([.init("A", "1")]), body: Array("{}".utf8)),
        envelope: Envelope(provider: nil), verdict: Verdict(.noSecret), answer: nil)),
    url: "http://127.0.0.1:1", secret: nil)

  /// Runs a shell script in place of an editor, as the program would on the terminal; tells the file's path, too.
  private func edit(_ script: String) -> (EditOutcome, path: String) {
    var path = ""
    let outcome = Editor.edit(Self.order, environment: { $0 == "VISUAL" ? script : nil }) { arguments in
      path = arguments.last ?? ""
      let process = Process()
      process.executableURL = URL(filePath: arguments[0])
      process.arguments = Array(arguments.dropFirst())
      process.standardError = FileHandle.nullDevice
      guard (try? process.run()) != nil else { return .notStarted(code: 2) }
      process.waitUntilExit()
      let status = process.terminationStatus
      return process.terminationReason == .exit ? .exited(status) : .killed(signal: status)
    }
    return (outcome, path)
  }

  private func isLeft(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: URL(filePath: path).deletingLastPathComponent().path())
  }

  private func reason(_ outcome: EditOutcome) -> String? {
    if case .failed(let reason) = outcome { reason } else { nil }
  }

  @Test("is given a file that only the user can read, which is gone afterwards, with what stands beside it")
  func edited() throws {
    let (outcome, path) = edit(
      """
      f() { [ "$(stat -c %a "$1" "$(dirname "$1")" | tr '\\n' ' ')" = "600 700 " ] || exit 9
      cp "$1" "$1~"; sed -i 's/^A: 1/A: 2/; s/{}/{"b":1}/' "$1"; }; f
      """)
    guard case .edited(let edited) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(edited.request.headers.first("a") == "2" && edited.request.body == Array(#"{"b":1}"#.utf8))
    #expect(!isLeft(path))
  }

  @Test("may be a command with arguments, found by VISUAL, then EDITOR, then vi")
  func command() {
    #expect(Editor.command { ["VISUAL": "code -w", "EDITOR": "ed"][$0] } == "code -w")
    #expect(Editor.command { ["VISUAL": " ", "EDITOR": "ed"][$0] } == "ed")
    #expect(Editor.command { _ in nil } == "vi")
    guard case .edited = edit("sed -i -e s/A/B/").0 else {
      Issue.record("not edited")
      return
    }
  }

  @Test("that fails, is killed or is not there sends nothing, in one line")
  func failed() {
    for (script, words, isKept) in [
      ("false", "false ended with status 1", false), ("kill -9 $$;", "was killed by signal 9", false),
      ("f() { echo >$1; kill -9 $$; }; f", "request.http keeps your text; ", true),
      ("f() { sh -c 'kill -9 $$'; }; f", "was killed by signal 9", false),
      ("no-such-editor -w", "no-such-editor -w can't be started: set $VISUAL or $EDITOR", false),
    ] {
      let (outcome, path) = edit(script)
      #expect(reason(outcome)?.contains(words) == true && reason(outcome)?.contains("\n") == false)
      #expect(isLeft(path) == isKept)
      if isKept { try? FileManager.default.removeItem(at: URL(filePath: path).deletingLastPathComponent()) }
    }
  }

  @Test(
    "that changes nothing, or only ends the last line, sends nothing",
    arguments: ["true", "f() { echo >> $1; }; f"])
  func unchanged(script: String) {
    let (outcome, path) = edit(script)
    guard case .unchanged = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(!isLeft(path))
  }

  @Test(
    "that is interrupted leaves what it has written, and what it needs to recover the rest",
    arguments: ["request.http", ".request.http.swp"])
  func interrupted(name: String) throws {
    var folder = URL(filePath: "/")
    let outcome = Editor.edit(Self.order, environment: { _ in nil }) { arguments in
      folder = URL(filePath: arguments.last ?? "").deletingLastPathComponent()
      try? Data("x".utf8).write(to: folder.appending(path: name))
      return .interrupted
    }
    #expect(reason(outcome)?.contains("hooktop was asked to end") == true)
    #expect(try Data(contentsOf: folder.appending(path: name)) == Data("x".utf8))
    try FileManager.default.removeItem(at: folder)
  }

  @Test("whose text is no request keeps it, and says where it is")
  func unreadable() throws {
    let (outcome, path) = edit("f() { echo nonsense > $1; }; f")
    #expect(
      reason(outcome)
        == "\(path) keeps your text; line 1: expected a request line such as POST /hook HTTP/1.1")
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "nonsense\n")
    try FileManager.default.removeItem(at: URL(filePath: path).deletingLastPathComponent())
  }

  @Test("that takes the file away sends nothing")
  func gone() {
    let (outcome, path) = edit("rm")
    #expect(reason(outcome)?.contains("\(path) can't be opened") == true)
  }
}
