internal import DequeModule
internal import Screen
internal import Diagnosis
internal import Webhooks

/// The try-it panel: a what-if about one delivery, whatever arrives meanwhile, and what came of it.
struct TryItPanel: Popup {
  static let title = "Try it"

  private enum Progress: Sendable {
    case atWork
    /// Not worked out, and why.
    case stopped(String)
    case done(Trial.Outcome)
  }

  let delivery: Delivery
  var subject: Delivery? { delivery }
  var awaited: Set<Job.Key> {
    if case .atWork = progress { [.trial] } else { [] }
  }
  var trial: Trial
  /// How many body variants on the trial is to go, which is found out where large bodies stop no key.
  private var variantSteps = 0
  /// Which of the jobs the outcome shown belongs to.
  private var number = 0
  private var progress = Progress.atWork
  var viewport = Viewport()

  init(_ delivery: Delivery, tolerance: Double) {
    self.delivery = delivery
    trial = Trial(tolerance: tolerance)
  }

  /// Changes the what-if, and has it worked out anew, on all deliveries that are kept.
  mutating func change(in model: inout Model, _ change: (inout TryItPanel) -> Void) -> [Effect] {
    change(&self)
    model.lastTrial += 1
    number = model.lastTrial
    progress = .atWork
    let (panel, kept, keyring) = (self, model.ring, model.keyring)
    let delivery = model.original(delivery)
    let job = Job(.trial, priority: .asked, generation: model.generation, bytes: delivery.cost) { clock in
      let isCancelled = { clock() == .max }
      var trial = panel.trial
      trial.variant = trial.variant.moved(
        by: panel.variantSteps, for: delivery.request.body, isCancelled: isCancelled)
      let outcome = trial.outcome(
        for: delivery, others: kept, keyring: keyring, isCancelled: isCancelled)
      return .tried(number: panel.number, trial.variant, outcome)
    }
    return [.run(job)]
  }

  mutating func take(_ message: Message, in model: Model) -> [Effect] {
    switch message {
    case .tried(number, let variant, let outcome):
      progress = .done(outcome)
      trial.variant = variant
      variantSteps = 0
    case .refused(.trial): progress = .stopped("too much other work is waiting")
    case .overran(.trial): progress = .stopped("it took longer than \(Job.Key.trial.limitWords)")
    default: break
    }
    settle(in: model)
    return []
  }

  /// Steps of the tolerance, in seconds.
  private static let tolerances: [Double] = [
    0, 30, 60, 300, 900, 3600, 21600, 86400, 604_800, 31_536_000,
  ]

  /// Takes the next wider (1) or narrower (-1) tolerance.
  private mutating func moveTolerance(_ step: Int) {
    let wider = Self.tolerances.first { $0 > trial.tolerance }
    let narrower = Self.tolerances.last { $0 < trial.tolerance }
    trial.tolerance = (step > 0 ? wider : narrower) ?? trial.tolerance
  }
}

extension TryItPanel {
  private static func trying(
    _ name: String, _ key: Character, _ sentence: String, hint: String? = nil,
    change: @escaping @Sendable (inout TryItPanel) -> Void
  ) -> Action {
    action(name, [.character(key)], .signature, sentence, hint: hint, perform: { $0.change(in: &$1, change) })
  }

  private static func withoutSecret(_ panel: TryItPanel, _ model: Model) -> String? {
    panel.trial.secret == nil ? "No secret is being tried: press s to paste one" : nil
  }

  static let actions: [Action] = [
    action(
      "try a secret", [.character("s")], .signature, "Paste a secret to try, hidden.", hint: "secret"
    ) { panel, model in
      let provider = panel.delivery.envelope.provider
      model.panels.push(Prompt.triedSecret(provider, of: model.setting.providers) { $1.trySecret($0) })
    },
    trying("wider tolerance", "+", "Widen the tolerance.", hint: "wider") { $0.moveTolerance(1) },
    trying("narrower tolerance", "-", "Narrow the tolerance.", hint: "narrower") { $0.moveTolerance(-1) },
    trying("clock forward", ">", "Move the clock a minute forward.", hint: "clock on") {
      $0.trial.clockShift += 60
    },
    trying("clock back", "<", "Move the clock a minute back.", hint: "back") { $0.trial.clockShift -= 60 },
    trying("next body", "v", "Assume that another body was signed.", hint: "body") { $0.variantSteps += 1 },
    trying("previous body", "V", "Assume the previous body.") { $0.variantSteps -= 1 },
    action(
      "bytes", [.character("b")], .signature, "Show the exact signed bytes.", hint: "bytes",
      perform: { $1.openBytes(of: $0.delivery) }),
    action(
      "search again", [.character("d")], .signature,
      "Search for the cause again, for longer.", hint: "search",
      perform: { $1.diagnoseAgain($0.delivery) }),
    action(
      "keep the secret", [.character("a")], .signature, "Keep the tried secret under a name.",
      hint: "keep", unavailable: withoutSecret,
      perform: { panel, model in
        guard let secret = panel.trial.secret else { return [] }
        model.panels.push(Prompt.secretName(secret.provider, in: model, tried: secret))
        return []
      }),
    action(
      "discard the secret", [.character("x")], .signature, "Forget the tried secret.", hint: "discard",
      unavailable: withoutSecret, perform: { $0.change(in: &$1) { $0.trial.secret = nil } }),
  ]
}

extension Model {
  /// Opens the try-it panel, and has a delivery looked into that was not so far.
  mutating func openTryIt() -> [Effect] {
    guard let delivery = list.selection else { return [] }
    list.stopFollowing()
    panels.push(TryItPanel(delivery, tolerance: setting.tolerance))
    let effects = change(TryItPanel.self) { $0.change(in: &$1) { _ in } }
    let isKnown = delivery.verdict.status == .valid || diagnoses.finished(delivery.sequence) != nil
    return effects + (isKnown ? [] : diagnoseAgain(delivery))
  }

  fileprivate mutating func trySecret(_ secret: SigningSecret) -> [Effect] {
    notice = secret.warnings.first.map { Notice($0.sentence(label: secret.label), .warning) }
    return change(TryItPanel.self) { $0.change(in: &$1) { $0.trial.secret = secret } }
  }

  /// Adds the tried secret for good, under its name.
  mutating func keepTried(_ secret: SigningSecret) -> [Effect] {
    let effects = use(Keyring(keyring.secrets + [secret]))
    notice = Notice("\(secret.label) is active; earlier verdicts stay as they are", .success)
    return effects + change(TryItPanel.self) { $0.change(in: &$1) { $0.trial.secret = nil } }
  }
}

extension TryItPanel {
  func content(_ model: Model) -> PopupContent {
    let secret = trial.secret.map { "\($0.label) (\($0.fingerprint))" } ?? "those that are known"
    let lines: [[TextRun]] = [
      Self.row("on arrival", verdictRuns(delivery.verdict, model)),
      Self.row("tried now", triedRuns(model)),
      Self.row("in all", [TextRun(sumText)]),
      Self.row("cause", [causeRun(model)]),
      [],
      Self.row("s  secret", [TextRun(secret)]),
      Self.row("+- tolerance", [TextRun(Durations.words(trial.tolerance))]),
      Self.row("<> clock", [TextRun(Self.shiftText(trial.clockShift))]),
      Self.row("vV body", [variantRun]),
      [],
      [TextRun("b shows the signed bytes, d searches again,", .dim)],
      [TextRun("a keeps the tried secret, x discards it.", .dim)],
    ]
    return PopupContent("Try it: #\(delivery.sequence)", columns: 72, rows: lines)
  }

  private static func row(_ label: String, _ runs: [TextRun]) -> [TextRun] {
    [TextRun(label + String(repeating: " ", count: max(1, 14 - label.count)), .dim)] + runs
  }

  private func verdictRuns(_ verdict: Verdict, _ model: Model) -> [TextRun] {
    let sign = VerdictSign(verdict, Glyphs.forCharset(model.setting.charset))
    return [
      TextRun("\(sign.sign) \(verdict.status.rawValue)", Style(sign.role, bold: true)),
      TextRun(
        ": "
          + (verdict.secret.map { "signed with \($0)" }
            ?? verdict.reason.summary(under: delivery.envelope.provider?.scheme))),
    ]
  }

  private func triedRuns(_ model: Model) -> [TextRun] {
    switch progress {
    case .atWork: return [TextRun("being worked out", .dim)]
    case .stopped(let reason): return [TextRun("not worked out: \(reason)", Style(.warning))]
    case .done(let outcome):
      return outcome.verdict.map { verdictRuns($0, model) }
        ?? [TextRun("this change cannot produce the received body", Style(.neutral))]
    }
  }

  /// What the search for a cause has come to, so that a new one is seen to be over.
  private func causeRun(_ model: Model) -> TextRun {
    if case .done(let outcome) = progress, let tried = outcome.verdict {
      if tried.status == .valid { return TextRun("none, as tried: it is valid", .dim) }
      if delivery.verdict.status == .valid, model.diagnoses[delivery.sequence] == nil {
        return TextRun("what is tried: \(tried.reason.summary(under: delivery.envelope.provider?.scheme))")
      }
    }
    switch model.diagnoses[delivery.sequence] {
    case nil where delivery.verdict.status == .valid: return TextRun("none: it was valid on arrival", .dim)
    case nil: return TextRun("not searched for: press d", .dim)
    case .waiting: return TextRun("being searched for", .dim)
    case .skipped(let skip): return TextRun(skip.sentence, .dim)
    case .done(let diagnosis):
      let found = diagnosis.findings.first { $0.id != .unknown }
      let words = found.map { "\($0.title), \($0.level.rawValue.uppercased())" } ?? "unknown"
      return TextRun("\(words), \(Wording.grouped(diagnosis.candidatesTried)) tried")
    }
  }

  /// `this secret would verify 14 of 15 failed`.
  private var sumText: String {
    guard case .done(let outcome) = progress else { return "" }
    let what = trial.secret == nil ? "this" : "this secret"
    let provider = trial.secret?.provider ?? delivery.envelope.provider
    let sum = "\(Wording.grouped(outcome.verified)) of \(Wording.grouped(outcome.failed))"
    // What nobody had a secret for has not failed.
    let kind = delivery.verdict.status == .unchecked ? "unchecked" : "failed"
    return "\(what) would verify \(sum) \(kind) (\(provider?.title ?? "no provider"))"
  }

  private var variantRun: TextRun {
    if variantSteps == 0 { return TextRun(trial.variant.title) }
    return TextRun(variantSteps > 0 ? "the next possible one" : "the previous possible one", .dim)
  }

  private static func shiftText(_ seconds: Double) -> String {
    if seconds == 0 { return "time of arrival" }
    return "\(Durations.words(seconds)) \(seconds > 0 ? "later" : "earlier")"
  }
}
