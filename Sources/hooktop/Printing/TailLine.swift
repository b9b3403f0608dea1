internal import JSON
internal import Monitor
internal import Screen
internal import OperatingSystem
internal import Webhooks

/// The lines that `tail` and `verify` print for people; what was received passes the text gate.
enum TailLine {
  /// `18:02:11  #12  parlay  analysis.completed  test  ✓ valid: …  412 B  200`.
  static func text(_ delivery: Delivery) -> String {
    let envelope = delivery.envelope
    var words = [
      delivery.receivedAt.timeOfDay(offset: LocalZone.offset), "#\(delivery.sequence)",
      pad(envelope.provider?.name ?? "-", 7), pad(envelope.event?.text ?? "-", 20),
      pad(envelope.livemode.rawValue, 4), verdict(delivery.verdict, of: envelope.provider),
      "\(delivery.request.body.count) B", "\(delivery.answer.status)",
    ]
    if delivery.attempt > 1 { words.append("attempt \(delivery.attempt)") }
    if delivery.isDuplicate { words.append("duplicate") }
    return SafeText.plain(words.joined(separator: "  "), charset: UserLocale.charset)
  }

  /// `timeout (408): no whole header within 10 s, from 127.0.0.1:51234`.
  static func text(_ incident: Incident) -> String {
    let answer = incident.status.map { " (\($0))" } ?? ""
    let peer = incident.peer.isEmpty ? "" : ", from \(incident.peer)"
    return "\(incident.reason.rawValue)\(answer): \(incident.detail)\(peer)"
  }

  /// `✓ valid: signed with parlay` or `✗ mismatch: no secret matches`.
  static func verdict(_ verdict: Verdict, of provider: Provider?) -> String {
    let sign = VerdictSign(verdict, Glyphs.forCharset(UserLocale.charset)).sign
    let summary =
      verdict.status == .valid
      ? "signed with \(verdict.secret?.text ?? "-")" : verdict.reason.summary(under: provider?.scheme)
    return "\(sign) \(verdict.status.rawValue): \(summary)"
  }

  /// Prints deliveries on standard output and incidents on standard error, in their order.
  static func print(_ records: [SessionRecord]) throws(OutputError) {
    var lines = ""
    for record in records {
      switch record {
      case .delivery(let delivery): lines += text(delivery) + "\n"
      case .incident(let incident):
        // It goes to another stream, so what came before it must be out first.
        try Console.output(Array(lines.utf8))
        lines = ""
        Console.say("incident: \(text(incident))")
      }
    }
    try Console.output(Array(lines.utf8))
  }

  private static func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}

/// Prints a recorded session as `tail` prints a live one, for want of a screen.
enum RecordedPrinter {
  static func print(_ file: RecordedFile) throws {
    var file = file
    while let lines = try file.next() {
      // Records in one write; a line that is skipped is told in its place.
      var records: [SessionRecord] = []
      for line in lines {
        switch line {
        case .record(let record): records.append(record)
        case .skipped(let skipped):
          try TailLine.print(records)
          records = []
          Console.warn("line \(skipped.number) is skipped: \(skipped.error)")
        }
      }
      try TailLine.print(records)
    }
  }
}
