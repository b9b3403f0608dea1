import Foundation
import Testing

/// Why a signature failed, as the real program says it.
@Suite(.serialized, .enabled(if: Tool.canDrive && Tool.python3.isInstalled, "needs tmux, python3 and others"))
struct DiagnosisTests {
  /// The cause of each way to break a delivery that is not called after its cause.
  private static let causes = [
    "no-header": "no-signature-header", "header-repeated": "repeated-header",
    "t-not-canonical-decimal": "unreadable-timestamp", "no-v1-matches": "wrong-secret",
    "too-old": "outside-window", "in-future": "outside-window",
  ]
  private static let malformed: Set = [
    "header-empty", "part-without-equals", "space-around-key", "no-t", "t-repeated", "no-v1",
    "v1-not-64-hex", "v1-not-lowercase-hex",
  ]
  private static let levels: Set = ["proven", "seen", "likely", "unknown"]

  private static func cause(of breakage: String) -> String {
    malformed.contains(breakage) ? "malformed-header" : causes[breakage] ?? breakage
  }

  @Test(
    "verify names the cause of every way to break a delivery",
    arguments: ["analysis.completed", "capture.processed"])
  func everyCause(event: String) async throws {
    let names = try await Hooktop.breakages()
    #expect(names.count >= 25)
    let tail = try await Tail(["--json"])
    for name in names {
      let outcome = try await Hooktop.run(["send", event, "--break", name, "--to", tail.url])
      #expect(outcome.end == .exit(name == "tolerated-oddity" ? 0 : 1), "\(name): \(outcome.errors)")
    }
    let session = try await tail.session(names.count)
    let verified = try await Hooktop.run(["verify", "-", "--json"], input: session)
    let reports = try verified.output.split(separator: "\n").map { try Record(String($0)) }
    #expect(reports.count == names.count)
    for (name, report) in zip(names, reports) {
      let found = report.list("causes").compactMap { $0.text("cause") }
      #expect(found.contains(Self.cause(of: name)), "\(name): \(found)")
      expectWhole(report, name)
    }
  }

  private func expectWhole(_ report: Record, _ name: String) {
    for cause in report.list("causes") {
      #expect(Self.levels.contains(cause.text("level") ?? ""), "\(name)")
      #expect(cause.text("detail")?.isEmpty == false, "\(name)")
      #expect(cause.text("remedy")?.isEmpty == false, "\(name)")
    }
    #expect(report.number("candidates_tried") ?? -1 >= 0, "\(name)")
    #expect(report.number("milliseconds") ?? -1 >= 0, "\(name)")
    for sample in ["parlay_ts", "parlay_py", "parable_ts"] {
      let result = report["sample_verifiers"].text(sample) ?? "none"
      #expect(["accept", "reject", "throws"].contains(result), "\(name): \(sample) \(result)")
    }
  }

  /// The body of a delivery after a proxy has read it and printed it again with Python.
  private func reserialised(_ post: Post) async throws -> Post {
    var changed = post
    let script = "import json, sys; sys.stdout.write(json.dumps(json.load(sys.stdin)))"
    changed.body = Data(try await Tool.run(["python3", "-c", script], input: post.body).utf8)
    #expect(changed.body != post.body)
    return changed
  }

  @Test("a body that Python printed again on the way is proven, and a tried secret says how many it verifies")
  func shown() async throws {
    let shell = try await Shell()
    try await shell.record()
    let url = try await shell.watch("hooktop watch --port 0 --secret parlay/first=env:PARLAY_SIGNING_SECRET")
    let tried = "whsec_pasted-into-the-panel-4J"
    var due: [String] = []
    for _ in 1...2 {
      let time = Int(Date().timeIntervalSince1970)
      let post = Post().signed(t: time, v1: try await Post().mac(time, secret: tried))
      #expect(try await post.send(to: url) == 401)
      due.append(try await post.mac(time))
    }
    let time = Int(Date().timeIntervalSince1970)
    let post = Post().signed(t: time, v1: try await Post().mac(time))
    let changed = try await reserialised(post)
    due += [try await changed.mac(time), try await changed.mac(time, secret: tried)]
    #expect(try await changed.send(to: url) == 401)

    let picture = try await shell.wait(for: "3 received", "3 failed", "PROVEN")
    #expect(picture.row("cause", "body re-serialised", "PROVEN") != nil, "\(picture)")
    try await shell.press("i")
    try await shell.wait(for: "Try it: #3", "this would verify 0 of 3 failed")
    try await shell.press("s")
    try await shell.wait(for: "not shown")
    try await shell.paste(tried)
    try await shell.press("Enter")
    try await shell.wait(for: "this secret would verify 2 of 3 failed", "parlay/tried")
    try await shell.press("b")
    try await shell.wait(for: "Signed bytes of #3", "what was signed with parlay/first")
    try await shell.press("Escape")
    try await shell.wait(for: "Try it: #3")
    try await shell.press("a")
    try await shell.wait(for: "keep the secret as")
    try await shell.type("/rotated")
    try await shell.wait(for: "parlay/rotated is active; earlier verdicts stay")
    // What a key takes away would come after it.
    try await shell.wait(for: "2 more verify now")
    // Sent together with what follows it, an escape is the Alt key.
    try await shell.press("Escape")
    try await shell.wait(for: "f filter")
    try await shell.press("S")
    try await shell.wait(for: "Signing secrets", "parlay/first", "parlay/rotated", "parable")
    try await shell.press("Escape")
    try await shell.wait(for: "f filter")
    try await shell.press("Q")
    try await shell.waitForPrompt(0)
    let recorded = String(decoding: shell.recorded, as: UTF8.self)
    for text in due + [tried, Hooktop.parlaySecret, Hooktop.parableSecret] {
      #expect(!recorded.contains(text), "\(text) reached the terminal")
    }
  }
}
