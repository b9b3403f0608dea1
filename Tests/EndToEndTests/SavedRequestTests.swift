import Foundation
import Testing

/// `verify` and `open` of what other programs have saved.
@Suite(.timeLimit(.minutes(3))) struct SavedRequestTests {
  private static let body =
    #"{"id":"evt_1","event":"webhook.test","livemode":false,"data":{"note":"it's $(id)"}}"#

  /// The same delivery, signed at a time, in each form.
  private func files(in folder: TemporaryFolder, at time: Int) async throws -> [String] {
    let post = Post(body: Data(Self.body.utf8))
    let signature = "t=\(time),v1=\(try await post.mac(time))"
    let head =
      "POST /hook HTTP/1.1\r\nHost: a\r\nX-Parlay-Event: webhook.test\r\nX-Parlay-Signature: \(signature)\r\n"
    let moment = Date(timeIntervalSince1970: Double(time)).ISO8601Format()
    let archive: [String: Any] = [
      "log": [
        "version": "1.2",
        "entries": [
          [
            "startedDateTime": moment,
            "request": [
              "method": "POST", "url": "http://a/hook",
              "postData": ["mimeType": "application/json", "text": Self.body],
              "headers": [
                ["name": "x-parlay-event", "value": "webhook.test"],
                ["name": "x-parlay-signature", "value": signature],
              ],
            ],
          ]
        ],
      ]
    ]
    let quoted = Self.body.replacing("'", with: #"'\''"#)
    let curl =
      "curl http://a/hook -H 'X-Parlay-Event: webhook.test' -H 'X-Parlay-Signature: \(signature)' --data-raw '\(quoted)'"
    return [
      try folder.write(
        "\(head)Content-Length: \(Self.body.utf8.count)\r\n\r\n\(Self.body)\n".utf8, to: "one.txt"),
      try folder.write(
        JSONSerialization.data(withJSONObject: archive, options: .prettyPrinted), to: "two.ndjson"),
      try folder.write((curl + "\n").utf8, to: "three.json"),
      try folder.write(
        (curl.replacing("--data-raw '\(quoted)'", with: "--data-binary @four.bin") + "\n").utf8,
        to: "four"),
    ]
  }

  @Test(
    "each form is known by what it holds, and verified at the file's own time unless --at says another"
  )
  func verified() async throws {
    let folder = try TemporaryFolder()
    let time = Int(Date().timeIntervalSince1970) - 86_400
    let files = try await files(in: folder, at: time)
    _ = try folder.write(Self.body.utf8, to: "four.bin")
    for file in files {
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSince1970: Double(time + 2))], ofItemAtPath: file)
      let outcome = try await Hooktop.run(["verify", file, "--json"])
      #expect(outcome.end == .exit(0), "\(file): \(outcome.errors)\(outcome.output)")
      #expect(try Record(outcome.output).status == "valid")
      let late = try await Hooktop.run(["verify", file, "--at", "\(time + 1000)"])
      #expect(late.end == .exit(13) && late.output.contains("stale"), "\(late.output)")
      let opened = try await Hooktop.run(["open", file])
      #expect(
        opened.end == .exit(0) && opened.output.contains("valid")
          && opened.output.contains("webhook.test"), "\(opened.output)\(opened.errors)")
    }
    let late = try await Hooktop.run(["open", files[2], "--at", "\(time + 1000)"])
    #expect(late.end == .exit(0) && late.output.contains("stale"), "\(late.output)\(late.errors)")
    let report = try await Hooktop.run([
      "export", files[2], "--as", "markdown", "--secret", "parlay=env:PARLAY_SIGNING_SECRET",
    ])
    #expect(
      report.output.contains("✓ valid: signed by") && report.output.contains("answer  none\n"),
      "\(report.output)")
    let session = try folder.write(
      Data(try await Hooktop.run(["export", files[1]]).output.utf8), to: "session.ndjson")
    let refused = try await Hooktop.run(["open", session, "--at", "1"])
    #expect(
      refused.end == .exit(64) && refused.errors.contains("--at is for saved requests"), "\(refused.errors)")
    let input = try Data(contentsOf: URL(filePath: files[1]))
    #expect(try await Hooktop.run(["verify", "-"], input: input).end == .exit(0))
  }

  @Test("several are several lines, and the first that is not valid gives the exit code")
  func several() async throws {
    let folder = try TemporaryFolder()
    let files = try await files(in: folder, at: Int(Date().timeIntervalSince1970))
    let one = folder.text("three.json")
    let wrong = one.replacing("evt_1", with: "evt_2")
    let both = try folder.write((one + wrong).utf8, to: "both")
    let outcome = try await Hooktop.run(["verify", both])
    #expect(outcome.end == .exit(12))
    let lines = outcome.output.split(separator: "\n")
    #expect(
      lines.count == 2 && lines[0].hasPrefix("#1  webhook.test") && lines[1].contains("mismatch"),
      "\(outcome.output)")
    #expect(outcome.errors.hasPrefix("hooktop: 1 valid, 1 mismatch\n"))
    #expect(files.count == 4)
  }

  @Test(
    "a command is read and not run, and reads no file elsewhere",
    arguments: [
      ("curl http://a -d \"$(touch ran)\"", "a shell would expand $(touch"),
      ("curl http://a -d @/etc/hostname", "/etc/hostname is not read"),
      ("curl http://a -d @../secret", "../secret is not read"),
      ("curl http://a -d @link", "link is not read"),
      ("curl http://a -d @pipe", "pipe is not read"),
      ("curl http://a -d @none", "none is not read"),
    ])
  func notRun(command: String, words: String) async throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("link"), withDestinationPath: "/etc/hostname")
    mkfifo(folder.path("pipe"), 0o600)
    let file = try folder.write(command.utf8, to: "command")
    for name in ["verify", "open"] {
      let outcome = try await Hooktop.run([name, file])
      #expect(
        outcome.end == .exit(1) && outcome.errorLines.count == 1 && outcome.errors.contains(words),
        "\(outcome.errors)")
    }
    #expect(!FileManager.default.fileExists(atPath: folder.path("ran")))
  }
}
