import Foundation
import Testing

/// Signing secrets that are saved and rotated while deliveries arrive.
@Suite(.enabled(if: Tool.canDrive, "needs bash, curl, openssl and tmux"), .timeLimit(.minutes(3)))
struct RotationTests {
  private static let (old, new) = ("whsec_before-the-rotation-1", "whsec_after-the-rotation-2")
  private let folder: TemporaryFolder
  private let environment: [String: String]

  init() throws {
    folder = try TemporaryFolder()
    environment = Hooktop.environment.merging(["XDG_STATE_HOME": folder.path]) { $1 }
    try FileManager.default.createDirectory(
      at: folder.url("hooktop/secrets"), withIntermediateDirectories: true)
    try save(Self.old)
  }

  /// Puts a secret where `hooktop parlay rotate --save` does, in one step.
  private func save(_ secret: String) throws {
    let draft = try folder.write(Data("\(secret)\n".utf8), to: "draft")
    try #require(chmod(draft, 0o600) == 0)
    try #require(rename(draft, folder.path("hooktop/secrets/parlay-wh_1")) == 0)
  }

  private func post(_ secret: String, to url: String) async throws -> Int? {
    try await Post().signed(secret: secret).send(to: url)
  }

  @Test("tail takes the new secret at once, explains the old one, and names what came before it was saved")
  func tail() async throws {
    let tail = try await Tail(environment: environment)
    #expect(try await post(Self.old, to: tail.url) == 200)
    #expect(try await post(Self.new, to: tail.url) == 401)
    try save(Self.new)
    try await waiting(until: "word of the rotation", instead: { tail.process.errors }) {
      tail.process.errors.contains(#/parlay/wh_1 was rotated at \d\d:\d\d:\d\d: /#)
    }
    #expect(try await post(Self.new, to: tail.url) == 200)
    #expect(try await post(Self.old, to: tail.url) == 401)
    let lines = try await tail.lines(4)
    #expect(lines[0].contains("✓ valid: signed with parlay/wh_1"), "\(lines)")
    #expect(lines[2].contains("✓ valid: signed with parlay/wh_1"), "\(lines)")
    #expect(
      lines[3].contains(
        /✗ mismatch: .*  signed with the secret from before the rotation at \d\d:\d\d:\d\d \(proven\)/),
      "\(lines)")
    let early = "signed with the new secret of parlay/wh_1, and refused before it was saved: #2\n"
    try await waiting(until: "the early one", instead: { tail.process.errors }) {
      tail.process.errors.contains(early)
    }
    for text in [tail.process.output, tail.process.errors] { #expect(!text.contains("whsec_")) }
  }

  @Test("a delivery that comes right after the new secret was saved is valid, without any wait")
  func atOnce() async throws {
    let tail = try await Tail(["--json"], environment: environment)
    for number in 1...5 {
      let secret = "whsec_of-turn-\(number)"
      let signed = try await Post().signed(secret: secret)
      // Longer than between two looks that the receiver may ask for, shorter than between those by itself.
      try await Task.sleep(for: .milliseconds(20))
      try save(secret)
      #expect(try await signed.send(to: tail.url) == 200, "turn \(number)")
    }
    #expect(try await tail.records(5).allSatisfy { $0.status == "valid" })
  }

  @Test("the screen tells of the rotation, and the pane explains what was on its way")
  func screen() async throws {
    let shell = try await Shell(columns: 160, environment: environment)
    try await shell.type("unset PARLAY_SIGNING_SECRET PARABLE_SIGNING_SECRET")
    let url = try await shell.watch()
    #expect(try await post(Self.old, to: url) == 200)
    try await shell.wait(for: "✓ valid", "signed with parlay/wh_1")
    try save(Self.new)
    try await shell.wait(until: "word of it") { $0.contains("parlay/wh_1 was rotated at ") }
    #expect(try await post(Self.old, to: url) == 401)
    try await shell.wait(until: "the reason") {
      $0.contains("signed with the secret from before the rotation at ") && $0.contains("PROVEN")
    }
    #expect(try await post(Self.new, to: url) == 200)
    try await shell.press("S")
    try await shell.wait(for: "rotated ", "in use")
    try await shell.press("q", "Q")
    try await shell.waitForPrompt(0)
  }

  @Test("a saved secret that can't be used is said, and the others are")
  func unusable() async throws {
    _ = try folder.write(Data(), to: "hooktop/secrets/parlay-wh_2")
    let tail = try await Tail(environment: environment)
    #expect(tail.process.errors.contains("warning: the saved secret parlay/wh_2 can't be used: "))
    #expect(try await post(Self.old, to: tail.url) == 200)
  }

  @Test("send, check, verify and replay --sign use a saved secret where nothing else gives one, and name it")
  func used() async throws {
    let tail = try await Tail(["--json", "--record", folder.path("s.ndjson")], environment: environment)
    let note = "hooktop: signing with the saved secret parlay/wh_1\n"
    func hooktop(_ words: String...) async throws -> Subprocess.Outcome {
      try await Hooktop.run(words, environment: environment)
    }
    let sent = try await hooktop("send", "--to", tail.url)
    #expect(sent.end == .exit(0) && sent.errors.hasPrefix(note), "\(sent.errors)")
    let file = try folder.write(Data(try await tail.lines(1)[0].utf8 + [0x0A]), to: "one.ndjson")
    let again = try await hooktop("replay", file, "--sign", "--to", tail.url)
    #expect(again.end == .exit(0) && again.errors.hasPrefix(note), "\(again.errors)")
    #expect(try await tail.records(2).allSatisfy { $0.status == "valid" })
    let verified = try await hooktop("verify", file)
    #expect(
      verified.end == .exit(0)
        && verified.errors.hasPrefix("hooktop: verifying with the saved secret parlay/wh_1\n"),
      "\(verified.errors)")
    // It lets unknown event types pass and refuses what is forged.
    let checked = try await hooktop("check", "--to", tail.url, "--provider", "parlay")
    #expect(checked.end == .exit(0) && checked.errors.hasPrefix(note), "\(checked.output)\(checked.errors)")
    let given = environment.merging(["PARLAY_SIGNING_SECRET": Self.new]) { $1 }
    let other = try await Hooktop.run(["send", "--to", tail.url], environment: given)
    #expect(other.end == .exit(1) && !other.errors.contains("saved"), "\(other.errors)")
    for text in [sent, again, verified, checked].map({ $0.output + $0.errors }) {
      #expect(!text.contains(Self.old))
    }
  }

  @Test("the schedule of retries goes as fast as the sender's", arguments: ["600"])
  func timeScale(factor: String) async throws {
    let shell = try await Shell(columns: 160, environment: environment)
    let url = try await shell.watch("hooktop watch --port 0 --time-scale \(factor) --respond 'status 500'")
    for _ in 1...2 { _ = try await post(Self.old, to: url) }
    try await shell.wait(until: "the attempts") { $0.contains("due 0.1 s") && $0.contains("overdue by ") }
    try await shell.press("Q")
    try await shell.waitForPrompt(0)
    let wrong = try await Hooktop.run(["tail", "--time-scale", "0"])
    #expect(wrong.end == .exit(64) && wrong.errors.contains("--time-scale is a number from 0.001"))
  }
}

/// The same with the providers' stand-in, which signs by itself.
@Suite(.enabled(if: Tool.canDrive, "needs bash, curl, openssl and tmux"), .timeLimit(.minutes(3)))
struct SandboxRotationTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test("200 deliveries a second run through a rotation, and each is valid or explained")
  func rotation() async throws {
    let sandbox = try await LocalSandbox(["--rate", "200/s"])
    let environment = sandbox.environment(in: folder)
    let tail = try await Tail(environment: environment)
    let id = try await sandbox.register(tail.url, environment)
    func isValid(_ line: String) -> Bool { line.contains("✓ valid: signed with parlay/\(id) ") }
    func valid(_ count: Int) async throws {
      let before = tail.process.lines.count(where: isValid)
      try await waiting(
        until: "\(count) more valid ones", instead: { tail.process.output + tail.process.errors }
      ) {
        tail.process.lines.count(where: isValid) >= before + count
      }
    }
    try await valid(100)
    let rotated = try await Hooktop.run(["parlay", "rotate", id, "--save"], environment: environment)
    #expect(rotated.end == .exit(0), "\(rotated.errors)")
    try await waiting(until: "word of it", instead: { tail.process.errors }) {
      tail.process.errors.contains("parlay/\(id) was rotated at ")
    }
    try await valid(100)
    tail.process.send(SIGTERM)
    let outcome = try await tail.process.outcome()
    // What came before the first secret was saved is nobody's rotation.
    let lines = outcome.output.split(separator: "\n").map(String.init).drop { !isValid($0) }
    #expect(lines.count >= 200)
    let early = outcome.errors.matches(of: #/refused before it was saved: (.*)\n/#)
      .flatMap { $0.1.split(separator: ", ").map(String.init) }
    for line in lines where !isValid(line) {
      let number = line.split(separator: " ").first { $0.hasPrefix("#") }.map(String.init) ?? ""
      let isExplained =
        early.contains(number) || line.contains("signed with the secret from before the rotation at ")
        || line.contains("another secret (proven)")
      #expect(isExplained, "\(line)\n\(outcome.errors)")
    }
  }
}
