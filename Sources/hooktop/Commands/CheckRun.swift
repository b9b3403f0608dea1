internal import ArgumentParser
internal import Diagnosis
internal import Dispatch
internal import JSON
internal import Monitor
internal import Screen
internal import Sender
internal import Synchronization
internal import Webhooks

/// Checks an app as `check` was told to: a line for each probe as it is answered, and the sum.
struct CheckRun: Sendable {
  private let checker: Checker
  private let url: String
  private let json: Bool

  init(_ checker: Checker, url: String, json: Bool) {
    self.checker = checker
    self.url = url
    self.json = json
  }

  /// - Throws: `CheckError.noConnection`, `OutputError`, and the exit code 16 where something is wrong.
  func run() throws {
    let state = Mutex((report: CheckReport(), error: (any Error)?.none))
    let done = DispatchSemaphore(value: 0)
    Task.detached { [self] in
      await checker.run(leavingOut: { probe in state.withLock { $0.report.leaveOut(probe) } }) {
        probe, draft, exchange in
        state.withLock { state in
          do {
            try add(probe, draft, exchange, to: &state.report)
            return true
          } catch {
            state.error = error
            return false
          }
        }
      }
      done.signal()
    }
    done.wait()
    let (report, error) = state.withLock { $0 }
    if let error { throw error }
    try finish(report)
  }

  private func add(
    _ probe: Probe, _ draft: SignedDraft, _ exchange: Exchange, to report: inout CheckReport
  ) throws {
    if let failure = exchange.failure, report.isAppGone(after: exchange) {
      throw CheckError.noConnection(url: url, failure)
    }
    let row = report.add(probe, draft, status: exchange.status)
    if json {
      var line = JSONWriter()
      line.write(row, exchange)
      try Console.output(line.bytes)
    } else {
      try Console.output(Array((Self.text(row, exchange) + "\n").utf8))
    }
  }

  private func finish(_ report: CheckReport) throws {
    for probe in report.notApplicable {
      Console.say(
        "\(probe.id) is not applicable: this provider's scheme, or the sample's body, does not allow it")
    }
    if json {
      var line = JSONWriter()
      line.write(report)
      try Console.output(line.bytes)
    } else {
      Console.say(Self.sum(report))
      Console.say(report.conclusion)
    }
    guard report.count(.wrong) == 0 else { throw ExitCode(16) }
  }

  /// `✗ wrong  one byte of the body changed  refuse  200  3.1 ms`.
  private static func text(_ row: CheckReport.Row, _ exchange: Exchange) -> String {
    let glyphs = Glyphs.forCharset(UserLocale.charset)
    let cells = [
      ("\(row.verdict.sign(glyphs)) \(row.verdict.rawValue)", 9), (row.probe.title, 34),
      (row.probe.expected, 6), (exchange.result, 7),
    ]
    let words =
      cells.map { SafeText.padded($0, to: $1) } + [Durations.milliseconds(exchange.milliseconds.total)]
    return SafeText.plain(words.joined(separator: "  "), charset: UserLocale.charset)
  }

  private static func sum(_ report: CheckReport) -> String {
    let like = report.resembles.map { "; the app behaves like \($0.title)" } ?? ""
    return report.counts + like
  }
}

extension JSONWriter {
  fileprivate mutating func write(_ row: CheckReport.Row, _ exchange: Exchange) {
    object { line in
      line.field("probe", row.probe.id)
      line.field("expected", row.probe.expectation.rawValue)
      line.field("status", row.status)
      line.field("verdict", row.verdict.rawValue)
      line.field("milliseconds", exchange.milliseconds.total, decimals: 3)
      if let failure = exchange.failure { line.field("error", failure.rawValue) }
    }
    endLine()
  }

  fileprivate mutating func write(_ report: CheckReport) {
    object { line in
      line.field("kind", "summary")
      line.field("probes", report.rows.count)
      line.field("wrong", report.count(.wrong))
      line.field("lenient", report.count(.lenient))
      line.field("not_applicable", report.notApplicable.count)
      line.field("resembles", report.resembles.map { "\($0.name)" })
    }
    endLine()
  }
}
