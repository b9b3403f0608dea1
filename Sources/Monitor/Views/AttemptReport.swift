internal import JSON
internal import Screen
internal import Webhooks

/// The lines of the signature pane about the attempts to deliver one event: when the next one is due, and how each of
/// those that came stands to the one before.
struct AttemptReport {
  /// As many of the newest are listed: the longest documented schedule makes fewer.
  static let limit = 16

  private let attempts: Attempts
  private let delivery: Delivery
  private let setting: Setting
  private let outcomes: Outcomes
  private let now: Timestamp

  init(
    _ attempts: Attempts, of delivery: Delivery, _ setting: Setting, _ outcomes: Outcomes, now: Timestamp
  ) {
    self.attempts = attempts
    self.delivery = delivery
    self.setting = setting
    self.outcomes = outcomes
    self.now = now
  }

  private func answer(to attempt: Attempts.Attempt) -> Answer? {
    attempt.answer ?? outcomes[attempt.sequence].answer
  }

  private var next: Attempts.Next? {
    guard delivery.replayOf == nil, let own = attempts[delivery.sequence] else { return nil }
    return attempts.next(after: own) { attempt in
      let told = answer(to: attempt)
      // Without a status and a rule nothing is known of it: another program has saved the request.
      return told?.status == nil && told?.rule == nil ? nil : told
    }
  }

  /// Whether the line of the next attempt is another one with each second.
  var countsDown: Bool { !setting.source.isSession && next != nil }

  /// When the next attempt is due. What was recorded has no "now": there it is the moment itself.
  var retry: [TextRun]? {
    guard let next else { return nil }
    let place = "(\(next.retry) of \(next.retries))"
    guard !setting.source.isSession else {
      let moment = setting.zone.text(next.due, today: now)
      return SignatureReport.row("retry", [TextRun("next attempt due at \(moment) \(place)")])
    }
    // Rounded up: the countdown ends at the moment at which it says so.
    let left = rounded(next.due.seconds - now.seconds, .up)
    if left > 0 {
      return SignatureReport.row(
        "retry", [TextRun("next attempt in \(span(left)) \(place)", Style(.info))])
    }
    let late = left < 0 ? "overdue by \(span(left))" : "due now"
    return SignatureReport.row("retry", [TextRun("next attempt \(late) \(place)", Style(.warning))])
  }

  /// A span to the second, or to a tenth where the sender's time is scaled: minutes are then seconds.
  private func rounded(_ seconds: Double, _ rule: FloatingPointRoundingRule = .toNearestOrAwayFromZero)
    -> Double
  {
    guard setting.timeScale != 1, abs(seconds) < 60 else { return seconds.rounded(rule) }
    return (seconds * 10).rounded(rule) / 10
  }

  private func span(_ seconds: Double) -> String { Durations.words(seconds, isPadded: true) }

  /// What is documented for a gap, in words; one of less than a second is not rounded away.
  private func documented(_ seconds: Double) -> String {
    guard seconds < 1, let text = ShortDecimal.text(seconds, decimals: 3) else {
      return Durations.words(seconds)
    }
    return "\(text) s"
  }

  /// Each attempt, newest first; none if there was but one.
  var lines: [[TextRun]] {
    guard delivery.replayOf == nil, attempts.attempts.count > 1 else { return [] }
    return attempts.attempts.reversed().map { attempt in
      let sign = VerdictSign(attempt.verdict, .forCharset(setting.charset))
      let isOwn = attempt.sequence == delivery.sequence
      return SignatureReport.row(
        "try \(attempt.number)",
        [
          TextRun("#\(attempt.sequence) ", Style(.normal, bold: isOwn)),
          TextRun(sign.text, Style(sign.role)), TextRun(" \(told(attempt))  "),
        ] + story(of: attempt))
    }
  }

  private func told(_ attempt: Attempts.Attempt) -> String {
    guard let answer = answer(to: attempt) else {
      return String(Glyphs.forCharset(setting.charset).ellipsis)
    }
    return answer.status.map(String.init) ?? "none"
  }

  private func story(of attempt: Attempts.Attempt) -> [TextRun] {
    guard let step = attempt.step else {
      return [TextRun(attempt.number == 1 ? "the first" : "the one before is not listed", .dim)]
    }
    let time = delivery.envelope.provider?.scheme.timeWords ?? "t"
    var runs = gap(step, attempt)
    if let isRenewed = step.isTimeRenewed {
      runs += [TextRun(", "), TextRun(isRenewed ? "\(time) renewed" : "same \(time)", role(isRenewed))]
    }
    return runs + [
      TextRun(", "), TextRun(step.hasSameBody ? "same bytes" : "other bytes", role(step.hasSameBody)),
    ]
  }

  private func role(_ isUsual: Bool) -> Style { Style(isUsual ? .normal : .warning) }

  /// `after 1 m 02 s, due 1 m`.
  private func gap(_ step: Attempts.Step, _ attempt: Attempts.Attempt) -> [TextRun] {
    let after = "after \(span(rounded(step.gap)))"
    if let before = attempts[step.previous], let told = answer(to: before),
      attempts.isAccepted(told)
    {
      return [
        TextRun(after),
        TextRun(", though #\(before.sequence) was answered \(told.status ?? 200)", Style(.warning)),
      ]
    }
    if let due = step.due { return [TextRun("\(after), due \(documented(due))")] }
    let isBeyond = attempts.retries > 0 && attempt.number - 1 > attempts.retries
    return [
      TextRun(
        isBeyond
          ? "\(after), beyond \(Wording.count(attempts.retries, "documented retry", "documented retries"))"
          : after)
    ]
  }
}
