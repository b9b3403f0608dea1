internal import Screen
internal import Webhooks

/// The lines of the signature pane: the verdict, both answers behind it, what the sender was told, what to do.
struct SignatureReport {
  private let delivery: Delivery
  private let setting: Setting
  private let glyphs: Glyphs
  private var verdict: Verdict { delivery.verdict }

  init(_ delivery: Delivery, _ setting: Setting) {
    self.delivery = delivery
    self.setting = setting
    glyphs = .forCharset(setting.charset)
  }

  var lines: [[TextRun]] {
    [headline, mac, time, timestamp, candidates, answer, identity, remedy].compactMap { $0 }
  }

  private var headline: [TextRun]? {
    let sign = VerdictSign(verdict, glyphs)
    return [
      TextRun("\(sign.sign) \(verdict.status.rawValue)", Style(sign.role, bold: true)),
      TextRun(": \(verdict.reason.summary)"),
    ]
  }

  private var mac: [TextRun]? {
    switch verdict.macMatches {
    case true?: row("MAC", good("signed with \(verdict.secret ?? "a known secret")"))
    case false?:
      row(
        "MAC",
        bad(
          verdict.secretsTried == 1
            ? "the secret does not reproduce v1" : "none of \(verdict.secretsTried) secrets reproduces v1"))
    case nil: row("MAC", TextRun("not checked: \(verdict.reason.summary)", Style(.neutral)))
    }
  }

  private var time: [TextRun]? {
    let window = Wording.duration(setting.tolerance)
    guard let age = verdict.ageSeconds else {
      return row("time", TextRun("not known: no readable t", Style(.neutral)))
    }
    return verdict.inWindow == true
      ? row("time", good("\(Wording.age(age)), inside \(window)"))
      : row("time", bad("\(Wording.age(age)), outside \(window)"))
  }

  private var timestamp: [TextRun]? {
    verdict.timestamp.map { t in
      let moment = Timestamp(seconds: Double(t))
      let isDate = t < 253_402_300_800
      return row(
        "t", TextRun("\(t)"), TextRun(isDate ? "  \(Self.date(moment)) UTC" : "  beyond the year 9999", .dim))
    }
  }

  private static func date(_ moment: Timestamp) -> String {
    String(moment.iso8601.prefix(19)).replacing("T", with: " ")
  }

  private var candidates: [TextRun]? {
    guard verdict.v1Count > 0 else { return nil }
    let usable =
      verdict.usableV1Count == verdict.v1Count ? "well formed" : "\(verdict.usableV1Count) well formed"
    return row("v1", TextRun("\(verdict.v1Count) in the header, \(usable)"))
  }

  private var answer: [TextRun]? {
    let status = delivery.answer.status
    return row(
      "answer", TextRun("\(status)", Style(status < 300 ? .success : .failure)),
      TextRun(", \(meaning(of: status))"))
  }

  /// What the answer means for the sender.
  private func meaning(of status: Int) -> String {
    guard let provider = delivery.envelope.provider else {
      return status < 300 ? "taken as delivered" : "refused; no provider is known"
    }
    if status < 300 { return "\(provider.title) takes it as delivered" }
    let next = provider.retrySchedule.first.map { Wording.duration(Double($0)) } ?? "a while"
    return "\(provider.title) tries again in \(next), \(provider.retrySchedule.count) times at most"
  }

  private var identity: [TextRun]? {
    var words: [String] = []
    if delivery.attempt > 1 { words.append("attempt \(delivery.attempt)") }
    if delivery.isDuplicate { words.append("a duplicate: this event was accepted before") }
    return words.isEmpty ? nil : row("event", TextRun(words.joined(separator: ", "), Style(.info)))
  }

  private var remedy: [TextRun]? { row("do", TextRun(verdict.reason.remedy)) }

  private func good(_ text: String) -> TextRun { TextRun("\(glyphs.valid) \(text)", Style(.success)) }

  private func bad(_ text: String) -> TextRun { TextRun("\(glyphs.failed) \(text)", Style(.failure)) }

  private func row(_ label: String, _ runs: TextRun...) -> [TextRun] {
    [TextRun(label + String(repeating: " ", count: max(1, 8 - label.count)), .dim)] + runs
  }
}
