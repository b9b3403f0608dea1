internal import Diagnosis
internal import JSON
internal import Screen
internal import Webhooks

/// The lines of the signature pane: the verdict, why it is so and what to do, and the facts behind both.
struct SignatureReport {
  let delivery: Delivery
  let setting: Setting
  private let state: DiagnosisLog.State?
  /// nil if it was not checked again.
  private let standing: Standing?
  private let today: Timestamp
  private let glyphs: Glyphs
  private let told: Answer?
  private let attempts: AttemptReport?
  private var verdict: Verdict { delivery.verdict }

  /// - Parameter answer: what the sender was told; nil if it still waits.
  init(
    _ delivery: Delivery, _ setting: Setting, _ state: DiagnosisLog.State? = nil, answer: Answer?,
    standing: Standing? = nil, attempts: AttemptReport? = nil, today: Timestamp
  ) {
    self.attempts = attempts
    self.delivery = delivery
    told = answer
    self.setting = setting
    self.state = state
    self.standing = standing
    self.today = today
    glyphs = .forCharset(setting.charset)
  }

  var lines: [[TextRun]] {
    let facts =
      [mac, time, timestamp, candidates, resemblance, answer, unanswered, attempts?.retry, identity]
      .compactMap { $0 }
      + (attempts?.lines ?? [])
    guard case .done(let diagnosis)? = state, !diagnosis.findings.isEmpty else {
      return [headline] + now + place + [remedy, searching].compactMap { $0 } + facts
    }
    let report = DiagnosisReport(diagnosis, delivery, setting, today: today)
    return [headline] + now + place + report.causes + report.caret + facts + report.evidence
  }

  private var headline: [TextRun] {
    let sign = VerdictSign(verdict, glyphs)
    return [
      TextRun("\(sign.sign) \(verdict.status.rawValue)", Style(sign.role, bold: true)),
      TextRun(": \(verdict.reason.summary(under: scheme))"),
    ]
  }

  /// What the signature comes to with the secrets of now, beside the verdict of its arrival.
  private var now: [[TextRun]] {
    let isSession = setting.source.isSession
    let wasValid = verdict.status == .valid
    switch standing {
    case .changed(let now, let hasItsSecret)? where now.status != .unchecked:
      let sign = VerdictSign(now, glyphs)
      let words = now.secret.flatMap { now.status == .valid ? ", \($0)" : nil } ?? ""
      let tried = row(
        "now", TextRun("tried now: "), TextRun(sign.text, Style(sign.role, bold: true)), TextRun(words))
      guard isSession, wasValid, now.status.isFailure else { return [tried] }
      let warning =
        hasItsSecret
        ? "The file was changed after it was recorded."
        : "The file was changed after it was recorded, or \(verdict.secret?.text ?? "the secret") is another secret here."
      return [tried, row("", TextRun(warning, Style(.warning)))]
    case .same? where isSession && wasValid:
      return [row("now", TextRun("tried now: "), TextRun(VerdictSign(verdict, glyphs).text, Style(.success)))]
    case nil where isSession && wasValid, .changed? where isSession && wasValid:
      return [row("now", TextRun("recorded as valid, not re-checked", Style(.neutral)))]
    default: return []
    }
  }

  /// The endpoint that it was sent to, and what does not belong there.
  private var place: [[TextRun]] {
    guard let endpoint = delivery.endpoint else { return [] }
    var runs = [TextRun(endpoint.name)]
    if let oddity = endpoint.oddity(of: delivery.envelope.livemode) {
      runs.append(TextRun("  \(glyphs.failed) \(oddity)", Style(.warning, bold: true)))
    }
    if let expected = endpoint.provider, let provider = delivery.envelope.provider, provider != expected {
      let words = "is for \(expected.title); the headers are of \(provider.title), as which it is checked"
      runs.append(TextRun("  \(words)", Style(.warning)))
    }
    return [row("to", runs)]
  }

  private var scheme: SignatureScheme? { delivery.envelope.provider?.scheme }

  private var mac: [TextRun]? {
    let signature = scheme.signatureWords
    let label = scheme?.kind == .token ? "token" : scheme?.kind.isOneWay == true ? "key" : "MAC"
    if scheme?.kind == .token, verdict.macMatches == false {
      return row(label, bad("the token is not the secret"))
    }
    return switch verdict.macMatches {
    case true?: row(label, good("signed with \(verdict.secret?.text ?? "a known secret")"))
    case false?:
      row(
        label,
        bad(
          verdict.secretsTried == 1
            ? "the secret does not reproduce \(signature)" : "none of \(secretsTried) reproduces \(signature)"
        ))
    case nil: row(label, TextRun("not checked", Style(.neutral)))
    }
  }

  /// `2 secrets`: what was tried, as far as that is known of a recorded delivery.
  private var secretsTried: String {
    verdict.secretsTried == 0 ? "the secrets" : "\(verdict.secretsTried) secrets"
  }

  private var time: [TextRun]? {
    let window = setting.source.window(tolerance: verdict.tolerance ?? setting.tolerance)
    guard let age = verdict.ageSeconds else {
      return row("time", TextRun(withoutTime, Style(.neutral)))
    }
    return switch verdict.inWindow {
    case true?: row("time", good("\(Durations.age(age)), inside \(window)"))
    case false?: row("time", bad("\(Durations.age(age)), outside \(window)"))
    case nil: row("time", TextRun("\(Durations.age(age)), the window is not recorded", Style(.neutral)))
    }
  }

  /// Why the age is not known.
  private var withoutTime: String {
    guard let provider = delivery.envelope.provider, provider.scheme.time == .nowhere else {
      return "not known: no readable \(scheme?.timeWords ?? "time")"
    }
    return "\(provider.title) signs no time: a replay can't be told from a new delivery"
  }

  private var timestamp: [TextRun]? {
    verdict.timestamp.map { t in
      let moment = Timestamp(seconds: Double(t))
      let isDate = t < 253_402_300_800
      return row(
        scheme?.timeLabel ?? "time", TextRun("\(t)"),
        TextRun(isDate ? "  \(setting.zone.full(moment))" : "  beyond the year 9999", .dim))
    }
  }

  private var candidates: [TextRun]? {
    guard verdict.signatureCount > 0, let scheme else { return nil }
    let usable =
      verdict.usableSignatureCount == verdict.signatureCount
      ? "well formed" : "\(verdict.usableSignatureCount) well formed"
    return row(
      scheme.format.signatureName, TextRun(firstSignature(scheme)),
      TextRun("  \(Wording.count(verdict.signatureCount, "entry", "entries")), \(usable)", .dim))
  }

  /// The beginning of the first signature as it was received: enough to find it in the headers pane.
  private func firstSignature(_ scheme: SignatureScheme) -> String {
    // A token is the secret itself.
    guard scheme.kind != .token else { return "not shown" }
    let headers = delivery.request.headers
    let value = scheme.headers.lazy.compactMap { headers.first($0) }.first
    let signature = value.flatMap { scheme.format.firstSignature(in: $0) }
    return (signature?.cut(to: 8).text ?? "") + String(glyphs.ellipsis)
  }

  /// Which senders sign in the way that an unknown one seems to.
  private var resemblance: [TextRun]? {
    guard delivery.envelope.provider == nil,
      let header = SignatureShape(in: delivery.request.headers, among: setting.providers)
    else { return nil }
    let name = header.name.cut(to: 40)
    guard !header.senders.isEmpty else {
      return row("looks", TextRun("\(name) looks like a signature of no known form"))
    }
    return row("looks", TextRun("\(name) is written as \(header.words)"))
  }

  private var answer: [TextRun]? {
    if let original = delivery.replayOf { return row("replay", TextRun("of #\(original), sent by you")) }
    let rule = told?.rule.map { $0 == .challenge ? "to its challenge" : "by the rule \($0.text)" }
    guard let status = told?.status else {
      let none = told == nil ? "none yet: the app is asked" : rule.map { "none, \($0)" } ?? "none"
      return row("answer", TextRun(none, .dim))
    }
    return row(
      "answer", TextRun("\(status)", Style(status < 300 ? .success : .failure)),
      TextRun(", \(rule.map { "\($0); " } ?? "")\(meaning(of: status))"))
  }

  /// Why a challenge was answered as an event is.
  private var unanswered: [TextRun]? {
    delivery.challengeFault.map {
      row("", TextRun("The challenge is not answered: \($0)", Style(.warning)))
    }
  }

  /// What the answer means for the sender.
  private func meaning(of status: Int) -> String {
    guard let provider = delivery.envelope.provider else {
      return status < 300 ? "taken as delivered" : "refused; no provider is known"
    }
    if status < 300 { return "\(provider.title) takes it as delivered" }
    let left = provider.retrySchedule.dropFirst(delivery.attempt - 1)
    guard !provider.retrySchedule.isEmpty else { return "\(provider.title) takes it as failed" }
    guard let next = left.first else { return "\(provider.title) gives up" }
    return "\(provider.title) tries again in \(Durations.words(next)), "
      + (left.count == 1 ? "for the last time" : "\(left.count) times at most")
  }

  /// That the cause is being looked for, or why it is not.
  private var searching: [TextRun]? {
    switch state {
    case .waiting?: row("cause", TextRun("being looked for", .dim))
    case .skipped(let reason)?: row("cause", TextRun(reason.sentence, Style(.neutral)))
    case .done?, nil: nil
    }
  }

  private var identity: [TextRun]? {
    var words: [String] = []
    if delivery.attempt > 1 { words.append("attempt \(delivery.attempt)") }
    if let other = disagreement { words.append(other) }
    if delivery.isDuplicate { words.append("a duplicate: this event was accepted before") }
    return words.isEmpty ? nil : row("event", TextRun(words.joined(separator: ", "), Style(.info)))
  }

  /// That the header names another event than the body, which is the one that is signed.
  private var disagreement: String? {
    guard let provider = delivery.envelope.provider, let event = delivery.envelope.event,
      let header = delivery.request.headers.first(provider.eventHeader), header != event
    else { return nil }
    return "\(provider.eventHeader) says \(header.cut(to: 40)), the body says \(event.cut(to: 40))"
  }

  private var remedy: [TextRun]? {
    switch verdict.status {
    case .valid: return nil
    case .unchecked:
      if case .changed? = standing { return nil }
      return row("do", TextRun("Press S to add the sender's secret: what is kept is checked with it."))
    default: return row("do", TextRun(verdict.reason.remedy(under: scheme)))
    }
  }

  private func good(_ text: String) -> TextRun { TextRun("\(glyphs.valid) \(text)", Style(.success)) }

  private func bad(_ text: String) -> TextRun { TextRun("\(glyphs.failed) \(text)", Style(.failure)) }

  private func row(_ label: String, _ runs: TextRun...) -> [TextRun] { Self.row(label, runs) }

  private func row(_ label: String, _ runs: [TextRun]) -> [TextRun] { Self.row(label, runs) }

  private static func row(_ label: String, _ runs: TextRun...) -> [TextRun] { row(label, runs) }

  /// A line with its label in a column of its own.
  static func row(_ label: String, _ runs: [TextRun]) -> [TextRun] {
    let gap = repeatElement(UInt8(ascii: " "), count: max(1, 8 - label.count))
    return [TextRun((Array(label.utf8) + gap)[...], .dim)] + runs
  }
}
