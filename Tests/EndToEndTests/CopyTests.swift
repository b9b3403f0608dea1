import Foundation
import Testing

/// Copying and exporting on the screen, in a real terminal.
@Suite(.enabled(if: Tool.canDrive), .timeLimit(.minutes(3)))
struct CopyTests {
  @Test("y c puts a command on the terminal's clipboard that sends the delivery again, and x writes a file")
  func copyAndExport() async throws {
    let shell = try await Shell()
    try await shell.tmux("set", "-g", "set-clipboard", "on")
    let url = try await shell.watch()
    let post = Post(
      event: "analysis.completed",
      body: Data(#"{"id":"evt_e2e","event":"analysis.completed","note":"$(id) `id` 'x' !!"}"#.utf8))
    #expect(try await post.signed().send(to: url + "/a?b=$(id)") == 200)
    try await shell.wait(until: "the delivery") { $0.contains("1 received") }
    try await shell.press("Y")
    try await shell.wait(for: "Copied the body of #1, ")
    #expect(try await shell.tmux("show-buffer") == String(decoding: post.body, as: UTF8.self))
    try await shell.press("y", "c")
    try await shell.wait(for: "Copied a curl command for #1, ")
    let command = try await shell.tmux("show-buffer")
    let run = try await Subprocess(["bash", "-c", command + " -s"], environment: Hooktop.environment)
      .outcome()
    #expect(run.end == .exit(0), "\(command)\n\(run.errors)")
    try await shell.wait(until: "it again") { $0.contains("2 received") }

    let file = shell.folder.path("out.ndjson")
    try await shell.press("x", "s", "Enter", "C-u")
    try await shell.type(file)
    try await shell.wait(for: "Exported to ")
    let records = try shell.folder.text("out.ndjson").split(separator: "\n").map { try Record(String($0)) }
    #expect(records.map(\.status) == ["valid", "valid"])
    #expect(records[0].body == post.body && records[1].body == post.body)
    let requests = records.map { $0["request"] }
    #expect(requests[0].pairs("headers") == requests[1].pairs("headers"))
    #expect(requests.map { $0.text("target") } == ["/a?b=$(id)", "/a?b=$(id)"])
    try await shell.press("Q")
    try await shell.waitForPrompt(0)
  }

  @Test("where the terminal is known not to take it, a private file has it, and its name is shown")
  func written() async throws {
    let shell = try await Shell()
    let url = try await shell.watch(
      "env -u TMUX TERM_PROGRAM=Apple_Terminal TMPDIR=/tmp hooktop watch --port 0")
    #expect(try await Post().signed().send(to: url) == 200)
    try await shell.wait(until: "the delivery") { $0.contains("1 received") }
    try await shell.press("Y")
    let picture = try await shell.wait(for: "The clipboard can't take the body of #1, ")
    let path = try #require(picture.lines.last?.firstMatch(of: #/it is in (\S+)/#).map { String($0.1) })
    defer { try? FileManager.default.removeItem(at: URL(filePath: path).deletingLastPathComponent()) }
    #expect(try Data(contentsOf: URL(filePath: path)) == Post().body)
    try await shell.press("Q")
    try await shell.waitForPrompt(0)
    let folder = URL(filePath: path).deletingLastPathComponent().path
    try await shell.wait(for: "hooktop: what you copied to files is in \(folder): remove it when done")
    #expect(try Data(contentsOf: URL(filePath: path)) == Post().body)
  }

  @Test("W records from now on, to a session that opens, and the mouse is remembered")
  func recordAndPoint() async throws {
    let shell = try await Shell()
    let file = shell.folder.path("late.ndjson")
    let url = try await shell.watch("XDG_STATE_HOME=\(shell.folder.path) hooktop watch --port 0")
    #expect(try await Post().signed().send(to: url + "/early") == 200)
    try await shell.wait(until: "the first") { $0.contains("1 received") }
    try await shell.press("W", "C-u")
    try await shell.type(file)
    try await shell.wait(for: "Recording to \(file) from now on")
    #expect(try await Post().signed().send(to: url + "/late") == 200)
    try await shell.wait(until: "the second") { $0.contains("2 received") }
    try await shell.press("W")
    try await shell.wait(for: "Stopped recording")
    #expect(try await Post().signed().send(to: url + "/later") == 200)
    try await shell.wait(until: "the third") { $0.contains("3 received") }
    let records = try shell.folder.text("late.ndjson").split(separator: "\n").map { try Record(String($0)) }
    #expect(records.map { $0["request"].text("target") } == ["/late"])

    try await shell.press("%")
    try await shell.wait(for: "Mouse on")
    #expect(try await shell.state().reportsMouse)
    // The third row of the list is the oldest delivery.
    try await shell.tmux("send-keys", "-l", "\u{1B}[<0;5;6M")
    try await shell.wait(until: "the oldest") { $0.contains("POST /early") }
    try await shell.press("z")
    try await shell.wait(for: "2 of them are recorded nowhere")
    try await shell.press("y")
    try await shell.wait(for: "Waiting for deliveries.")
    try await shell.press("Q")
    try await shell.waitForPrompt(0)
    #expect(try await !shell.state().reportsMouse)
    try await shell.watch("XDG_STATE_HOME=\(shell.folder.path) hooktop watch --port 0")
    #expect(try await shell.state().reportsMouse)
    try await shell.press("Q")
    try await shell.waitForPrompt(0)
  }
}

/// `hooktop export`, and what `--redact` leaves out.
@Suite(.timeLimit(.minutes(3))) struct ExportTests {
  private func session(in folder: TemporaryFolder, _ options: [String] = []) async throws -> String {
    let tail = try await Tail(["--record", folder.path("s.ndjson")] + options)
    let mail = Post(
      body: Data(#"{"id":"evt_1","event":"webhook.test","data":{"email":"a@b.example", "n":1.50}}"#.utf8))
    #expect(try await mail.signed().send(to: tail.url + "/one/a@b.example") == 200)
    _ = try await Post(headers: ["X-Parlay-Event: webhook.test"]).send(to: tail.url + "/two")
    _ = try await tail.session(2)
    return folder.path("s.ndjson")
  }

  @Test("a session is printed in each form, filtered, and without what is to be hidden")
  func forms() async throws {
    let folder = try TemporaryFolder()
    let file = try await session(in: folder)
    let all = try await Hooktop.run(["export", file])
    #expect(all.end == .exit(0) && all.output == folder.text("s.ndjson"), "\(all.errors)")
    let har = try await Hooktop.run(["export", file, "--as", "har"]).output
    #expect(try JSONSerialization.jsonObject(with: Data(har.utf8)) is [String: Any])
    let body = try await Hooktop.run(["export", file, "--as", "body", "--if", "seq:1"]).output
    #expect(body.hasPrefix(#"{"id":"evt_1""#) && body.hasSuffix(#""n":1.50}}"#))
    let http = try await Hooktop.run(["export", file, "--as", "http"]).output
    #expect(http.contains("POST http://127.0.0.1:4747/one/a@b.example HTTP/1.1\nHost: 127.0.0.1:"))
    let report = try await Hooktop.run(["export", file, "--as", "markdown", "--if", "sig:failed"]).output
    #expect(report.hasPrefix("## #2 ") && report.contains("missing") && !report.contains("evt_1"))
    let clean = try await Hooktop.run([
      "export", file, "--redact", "$.data.email", "--redact", "$..n", "--if", "seq:1",
    ])
    #expect(
      try Record(clean.output).body
        == Data(
          #"{"id":"evt_1","event":"webhook.test","data":{"email":"[redacted]", "n":"[redacted]"}}"#.utf8))
  }

  @Test(
    "what the configuration file masks is hidden in what open prints and export makes, unless --redact names others"
  )
  func masked() async throws {
    let folder = try TemporaryFolder()
    let file = try await session(in: folder)
    let configuration = try folder.write("mask: [$.data.email]\n".utf8, to: "hooktop.yaml")
    let body = { (options: [String]) in
      let outcome = try await Hooktop.run(
        ["export", file, "--if", "seq:1", "--config", configuration] + options)
      return String(decoding: try #require(try Record(outcome.output).body), as: UTF8.self)
    }
    #expect(try await body([]).contains(#""email":"[redacted]", "n":1.50"#))
    #expect(try await body(["--redact", "$..n"]).contains(#""email":"a@b.example", "n":"[redacted]""#))
    let printed = try await Hooktop.run(["open", file, "--config", configuration])
    #expect(printed.end == .exit(0) && printed.output.contains("#1 "))
    let plain = try await Hooktop.run(["open", file])
    #expect(
      plain.output.contains("/one/a@b.example") && !printed.output.contains("b.example"), "\(printed.output)")
  }

  @Test("a session recorded with --redact never holds the value, nor do the lines that are printed")
  func redacted() async throws {
    let folder = try TemporaryFolder()
    let app = try await StandInApp(.takesAll)
    let options = ["--record", folder.path("s.ndjson"), "--redact", "$..email", "--forward", app.url]
    let tail = try await Tail(["--json"] + options)
    let mail = Post(
      body: Data(#"{"id":"evt_1","event":"webhook.test","data":{"email":"a@b.example"}}"#.utf8),
      headers: ["X-Mail: a@b.example"])
    #expect(try await mail.signed().send(to: tail.url + "/to/a%40b.example") == 200)
    let output = String(decoding: try await tail.session(2), as: UTF8.self)
    for text in [output, folder.text("s.ndjson")] {
      // The second line is what the app was sent, whose address is the sender's.
      let lines = text.split(separator: "\n").map(String.init)
      #expect(lines.count == 2 && !text.contains("b.example"), "\(text)")
      let record = try Record(lines[0])
      #expect(record.status == "valid" && record["request"].text("target") == "/to/[redacted]")
      #expect(try Record(lines[1]).text("url") == "\(app.url)/[redacted]")
      #expect(
        record.body == Data(#"{"id":"evt_1","event":"webhook.test","data":{"email":"[redacted]"}}"#.utf8))
      #expect(record["request"].pairs("headers").contains(["X-Mail", "[redacted]"]))
    }
  }

  @Test("what would control a terminal is printed to files and pipes only", .enabled(if: Tool.canDrive))
  func terminal() async throws {
    let shell = try await Shell()
    let file = shell.folder.path("s.ndjson")
    let tail = try await Tail(["--record", file])
    for (number, body) in ["plain", "a\u{1B}[31mb", "c\u{9B}31md"].enumerated() {
      #expect(try await Post(body: Data(body.utf8)).signed().send(to: tail.url) == 200, "\(number)")
    }
    _ = try await tail.session(3)
    try await shell.type("hooktop export \(file) --as body --if seq:1")
    try await shell.wait(for: "plain")
    for number in [2, 3] {
      try await shell.type("clear; hooktop export \(file) --as body --if seq:\(number)")
      try await shell.wait(for: "would control the terminal: write it to a file, with > FILE")
      try await shell.waitForPrompt(1)
    }
    try await shell.type("clear; hooktop export \(file) --as body --if seq:2 | od -c")
    try await shell.wait(for: #"a 033   [   3   1   m   b"#)
  }

  @Test(
    "a path or form that is none is refused in a line",
    arguments: [
      (
        ["export", "s", "--redact", "$.a["],
        "--redact '$.a[', column 5: expected a place from 0, *, or a name in quotes."
      ),
      (["tail", "--redact", "a"], "--redact 'a', column 1: expected $, as in $.data.email."),
      (["export", "s", "--as", "pdf"], "'pdf' is invalid"),
    ])
  func refused(arguments: [String], words: String) async throws {
    let outcome = try await Hooktop.run(arguments)
    #expect(outcome.end == .exit(64) && outcome.errors.contains(words), "\(outcome.errors)")
  }
}
