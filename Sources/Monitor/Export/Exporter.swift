public import Diagnosis
internal import JSON
public import Screen
public import Webhooks

/// Writes deliveries in one of the forms of export, piece by piece, without any signing secret.
public struct Exporter: Sendable {
  /// What an export goes by, whatever its form.
  public struct Setting: Sendable {
    public var redaction: Redaction
    /// The secrets to hide.
    public var keyring: Keyring
    /// Where requests go that name no host, without a path.
    public var url: String
    /// What happened to the deliveries.
    public var outcomes: Outcomes

    public init(
      redaction: Redaction = Redaction(), keyring: Keyring = Keyring(),
      url: String = "http://127.0.0.1:4747", outcomes: Outcomes = Outcomes()
    ) {
      self.redaction = redaction
      self.keyring = keyring
      self.url = url
      self.outcomes = outcomes
    }
  }

  public let form: ExportForm
  private let setting: Setting
  /// The sections of a report; nothing else is made of it.
  private let report: @Sendable (Delivery) -> MarkdownReport
  private var redaction: RecordRedaction
  private var archive = HARArchive()
  private var session = SessionWriter()
  private var count = 0

  init(_ form: ExportForm, _ setting: Setting, report: @escaping @Sendable (Delivery) -> MarkdownReport) {
    self.form = form
    self.setting = setting
    self.report = report
    redaction = RecordRedaction(setting.redaction)
  }

  /// An export apart from the screen, whose reports say why a signature failed as far as these secrets tell.
  public init(
    _ form: ExportForm, _ setting: Setting, providers: Providers, tolerance: Double, kept: any Kindred,
    charset: Charset, budget: @escaping @Sendable () -> DiagnosisBudget
  ) {
    let screen = Monitor.Setting(
      source: .session(name: ""), providers: providers, tolerance: tolerance, charset: charset, kept: kept)
    self.init(form, setting) { delivery in
      let subject = DiagnosisSubject(delivery, providers: providers, tolerance: tolerance)
      let isExplained = delivery.verdict.status.isFailure
      let state =
        isExplained
        ? DiagnosisLog.State.done(Diagnosis(of: subject, keyring: setting.keyring, budget: budget())) : nil
      return MarkdownReport(
        SignatureReport(
          delivery, screen, state, answer: setting.outcomes.answer(to: delivery), today: delivery.receivedAt),
        charset: charset)
    }
  }

  /// What stands before the first delivery.
  public var head: [UInt8] { form == .har ? HARArchive.head : [] }

  /// What stands behind the last one.
  public var foot: [UInt8] { form == .har ? HARArchive.foot : [] }

  /// What a delivery is in this form, with what happened to it.
  public mutating func text(of delivery: Delivery) -> [UInt8] {
    count += 1
    let answer = setting.outcomes.answer(to: delivery)
    let hidden = hidden(delivery.with(answer: answer))
    switch form {
    case .ndjson: return lines(of: hidden)
    case .har: return archive.entry(hidden, answer, url: setting.url)
    case .http: return HTTPFile.block(hidden, url: setting.url)
    case .body: return (count > 1 ? [UInt8(ascii: "\n")] : []) + hidden.request.body
    case .markdown:
      let text = report(delivery).text(showing: hidden, isRedacted: !setting.redaction.isEmpty)
      return (count > 1 ? [UInt8(ascii: "\n")] : []) + setting.keyring.hidingSecrets(in: text)
    }
  }

  /// The line of an exchange about a delivery; nothing in other forms than a session.
  public mutating func text(of exchange: Exchange, sequence: UInt64) -> [UInt8] {
    guard form == .ndjson else { return [] }
    session.clear()
    let hidden = setting.keyring.hidingSecrets(in: redaction.hiding(in: exchange, of: sequence))
    session.write(hidden, of: sequence)
    return session.bytes
  }

  private mutating func lines(of delivery: Delivery) -> [UInt8] {
    session.clear()
    session.write(delivery)
    let line = session.bytes
    return setting.outcomes[delivery.sequence].exchanges.reduce(line) {
      $0 + text(of: $1, sequence: delivery.sequence)
    }
  }

  private mutating func hidden(_ delivery: Delivery) -> Delivery {
    setting.keyring.hidingSecrets(in: redaction.hiding(in: delivery))
  }
}
