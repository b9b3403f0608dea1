public import Diagnosis
public import Screen
internal import Webhooks

/// What an app answers to forged deliveries and good ones that are made from one delivery.
struct CheckPanel: Popup {
  static let title = "Check"

  let delivery: Delivery
  private let url: String
  private var progress: CheckProgress
  var subject: Delivery? { delivery }
  var errand: Int? { progress.isFinished ? nil : progress.number }
  var viewport = Viewport()

  /// - Parameter url: where the probes go, in words that may be seen.
  init(_ order: CheckOrder, to url: String) {
    delivery = order.delivery
    self.url = url
    progress = CheckProgress(number: order.number)
  }

  mutating func take(_ message: Message, in model: Model) -> [Effect] {
    if case .checked(let progress) = message, progress.number == self.progress.number {
      self.progress = progress
    }
    settle(in: model)
    return []
  }

  func content(_ model: Model) -> PopupContent {
    let (rows, exchanges) = (progress.report.rows, progress.exchanges)
    let glyphs = Glyphs.forCharset(model.setting.charset)
    var content = PopupContent("Check with #\(delivery.sequence)", columns: 76, rowCount: rows.count) {
      Self.line(rows[$0], exchanges[$0], glyphs)
    }
    content.head = [[TextRun("to \(url)", .dim)], [TextRun(Self.heading, Style(.heading))]]
    content.leastRows = Probe.all.count
    content.empty = "Waiting for the app."
    content.foot = [[]] + sum
    return content
  }

  /// The columns before the last one, which has ten more where the screen has 80.
  private static let widths = [10, 35, 9, 12]

  private static let heading =
    zip(["", "sent", "expected", "got"], widths).map { SafeText.padded($0, to: $1) }.joined() + "took"

  private static func line(_ row: CheckReport.Row, _ exchange: Exchange, _ glyphs: Glyphs) -> [TextRun] {
    let verdict = "\(row.verdict.sign(glyphs)) \(row.verdict.rawValue)"
    return [
      TextRun(SafeText.padded(verdict, to: widths[0]), Style(row.verdict.role, bold: row.verdict == .wrong)),
      TextRun(SafeText.padded(row.probe.title, to: widths[1])),
      TextRun(SafeText.padded(row.probe.expected, to: widths[2]), .dim),
      TextRun(SafeText.padded(exchange.result, to: widths[3])),
      TextRun(Durations.milliseconds(exchange.milliseconds.total), .dim),
    ]
  }

  /// `18 probes: 2 wrong, 1 lenient`, and the documented sample that the app resembles.
  private var sum: [[TextRun]] {
    let report = progress.report
    if let failure = progress.failure {
      return [[TextRun("Stopped: \(failure.rawValue), \(failure.sentence)", Style(.failure))], []]
    }
    guard progress.isFinished else {
      return [[TextRun("\(report.rows.count) of \(Probe.all.count) sent", .dim)], []]
    }
    let wrong = report.count(.wrong)
    let role: Role = wrong > 0 ? .failure : report.count(.lenient) > 0 ? .warning : .success
    let sample = report.resembles.map { "The app behaves like \($0.title)." } ?? ""
    return [[TextRun(report.counts, Style(role, bold: wrong > 0))], [TextRun(sample)]]
  }
}

extension Model {
  /// Checks the app that the selected delivery goes to, with probes made from it.
  mutating func openCheck() -> [Effect] {
    guard let delivery = list.selection else { return [] }
    guard let provider = delivery.envelope.provider else {
      notice = Notice("The provider is not known, so no probe can be signed", .warning)
      return []
    }
    guard let secret = keyring.secrets(for: provider).first else {
      notice = Notice(
        "There is no secret of \(provider.title) to sign probes with: press S to add one", .warning)
      return []
    }
    return withApp(for: delivery) { model, url in
      model.lastErrand += 1
      let order = CheckOrder(
        number: model.lastErrand, delivery: model.original(delivery), url: url, provider: provider,
        secret: secret)
      model.panels.push(CheckPanel(order, to: model.shown(url, for: delivery)))
      return [.order(.check(order))]
    }
  }
}

extension Probe.Verdict {
  /// Returns what stands before it where it is shown.
  public func sign(_ glyphs: Glyphs) -> Character {
    switch self {
    case .right: glyphs.valid
    case .wrong: glyphs.failed
    case .lenient: glyphs.stale
    }
  }

  fileprivate var role: Role {
    switch self {
    case .right: .success
    case .wrong: .failure
    case .lenient: .warning
    }
  }
}
