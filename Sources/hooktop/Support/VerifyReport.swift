internal import ArgumentParser
internal import Screen
internal import Webhooks

/// What `verify` found: prints each verdict as it comes, and ends with a sum and an exit code.
struct VerifyReport {
  private let json: Bool
  private var writer = JSONWriter()
  private var counts: [Verdict.Status: Int] = [:]
  private var unreadable = 0
  private var firstFailure: Verdict.Status?

  init(json: Bool) {
    self.json = json
  }

  mutating func add(_ verdict: Verdict, sequence: UInt64?, _ delivery: Delivery? = nil) {
    counts[verdict.status, default: 0] += 1
    if verdict.status != .valid, firstFailure == nil { firstFailure = verdict.status }
    json ? printJSON(verdict, sequence) : printText(verdict, delivery)
  }

  mutating func addUnreadable(line: Int, _ error: SessionError) {
    unreadable += 1
    Console.warn("line \(line) is skipped: \(error)")
  }

  /// Prints the sum of a session.
  func finish() {
    guard !json else { return }
    let words = Verdict.Status.allCases.compactMap { status in
      counts[status].map { "\($0) \(status.rawValue)" }
    }
    Console.say(words.isEmpty ? "no deliveries in the session" : words.joined(separator: ", "))
  }

  /// The code to end with; nil for 0.
  var exitCode: ExitCode? {
    switch firstFailure {
    case nil, .valid?: counts.isEmpty && unreadable > 0 ? ExitCode(1) : nil
    case .missing?: ExitCode(10)
    case .malformed?: ExitCode(11)
    case .mismatch?: ExitCode(12)
    case .stale?: ExitCode(13)
    case .unchecked?: ExitCode(14)
    }
  }

  private mutating func printJSON(_ verdict: Verdict, _ sequence: UInt64?) {
    writer.clear()
    writer.object { line in
      line.field("sequence", sequence)
      line.object("verdict") {
        $0.field("status", verdict.status.rawValue)
        $0.field("reason", verdict.reason.rawValue)
        $0.field("age_seconds", verdict.ageSeconds, decimals: 6)
        $0.field("secret", verdict.secret)
      }
    }
    writer.endLine()
    _ = Console.output(writer.bytes)
  }

  private func printText(_ verdict: Verdict, _ delivery: Delivery?) {
    var text = TailLine.verdict(verdict)
    if let age = verdict.ageSeconds { text += ", \(age < 0 ? "\(-age) s in the future" : "\(age) s old")" }
    if verdict.status != .valid { text += ". \(verdict.reason.remedy)" }
    if let delivery { text = "#\(delivery.sequence)  \(delivery.envelope.event ?? "-")  \(text)" }
    _ = Console.output(Array((SafeText.plain(text) + "\n").utf8))
  }
}
