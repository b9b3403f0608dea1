internal import JSON
internal import Screen
internal import Webhooks

/// The lines of the App pane: what hooktop sent to the developer's app of a delivery, and what the app answered, newest
/// first.
struct AppReport {
  private(set) var lines: [[TextRun]] = []
  private let delivery: Delivery
  private let glyphs: Glyphs
  /// How long the sender waits, in seconds; nil if that is not known.
  private let limit: Int?

  /// - Parameters:
  ///   - outcomes: what happened to the delivery.
  ///   - mode: how the newest response's body is shown.
  init(_ delivery: Delivery, _ outcomes: [Outcome], _ setting: Setting, mode: PayloadMode) {
    let exchanges = outcomes.exchanges
    self.delivery = delivery
    glyphs = Glyphs.forCharset(setting.charset)
    limit = delivery.envelope.provider?.answerDue
    guard let newest = exchanges.last else {
      lines = Self.empty(isAsked: outcomes.awaitApp(for: delivery), setting)
      return
    }
    add(newest)
    addBody(of: newest, mode)
    for exchange in exchanges.dropLast().reversed() {
      lines.append([])
      add(exchange)
    }
  }

  private static func empty(isAsked: Bool, _ setting: Setting) -> [[TextRun]] {
    if setting.forward == nil {
      return [
        [TextRun("No app is configured.")], [],
        [
          TextRun(
            "Start hooktop with --forward http://127.0.0.1:3000 to send each delivery on to yours.", .dim)
        ],
      ]
    }
    return [[TextRun(isAsked ? "The app has not answered yet." : "Not sent on to an app.", .dim)]]
  }

  private mutating func add(_ exchange: Exchange) {
    lines.append(Self.status(exchange, glyphs))
    if let sentence = exchange.disagreement(with: delivery.verdict)?.sentence(exchange.status) {
      lines.append([TextRun(sentence, Style(.failure, bold: true))])
    }
    lines.append(SignatureReport.row("to", [TextRun(exchange.url)]))
    lines.append(SignatureReport.row("took", took(exchange)))
    guard let response = exchange.response else { return }
    lines += response.headers.map { field in
      [
        TextRun(field.name.bytes, Style(.jsonKey)), TextRun(": ", Style(.punctuation)),
        TextRun(field.value.bytes),
      ]
    }
  }

  /// `✓ 200`, `✗ refused: nothing listens there`, and what it was sent for where that is no forward.
  private static func status(_ exchange: Exchange, _ glyphs: Glyphs) -> [TextRun] {
    let purpose = exchange.purpose == .forward ? "" : "  \(exchange.purpose.rawValue)"
    guard let failure = exchange.failure else {
      let sign = exchange.isAccepted ? glyphs.valid : glyphs.failed
      let status = exchange.response.map { "\($0.status)" } ?? "-"
      return [
        TextRun("\(sign) \(status)", Style(exchange.isAccepted ? .success : .failure, bold: true)),
        TextRun(purpose, .dim),
      ]
    }
    let came =
      exchange.response.map { ", after \($0.status) and \(Wording.size($0.bodySize)) of its body" } ?? ""
    return [
      TextRun("\(glyphs.failed) \(failure.rawValue)", Style(.failure, bold: true)),
      TextRun(": \(failure.sentence)\(came)"), TextRun(purpose, .dim),
    ]
  }

  /// `12.1 ms: connect 0.3, first byte 11.8`, and how that stands to the sender's patience.
  private func took(_ exchange: Exchange) -> [TextRun] {
    let times = exchange.milliseconds
    func text(_ value: Double?) -> String { value.flatMap { ShortDecimal.text($0, decimals: 1) } ?? "-" }
    let parts =
      times.connect == nil ? "" : ": connect \(text(times.connect)), first byte \(text(times.firstByte))"
    let runs = [TextRun("\(text(times.total)) ms\(parts)")]
    guard let limit, let provider = delivery.envelope.provider else { return runs }
    let share = times.total / 1000 / Double(limit)
    if share >= 1 {
      let words = "  \(provider.title) would have counted this as failed: it waits \(limit) s"
      return runs + [TextRun(words, Style(.failure))]
    }
    return share < 0.5
      ? runs : runs + [TextRun("  of the \(limit) s that \(provider.title) waits", Style(.warning))]
  }

  private mutating func addBody(of exchange: Exchange, _ mode: PayloadMode) {
    guard let response = exchange.response, !response.body.isEmpty else { return }
    let type = MediaType(response.headers.first("Content-Type"))
    var (rows, shown) = Self.rows(of: response.body, type, mode)
    // One line that is longer than all that is laid out; cut, it may be no JSON any more.
    if rows.isEmpty {
      (rows, shown) = Self.rows(of: Array(response.body.prefix(Job.inlineLimit)), type, mode)
    }
    lines += [[]] + rows
    guard response.bodySize > shown else { return }
    let words = "\(Wording.size(shown)) of \(Wording.size(response.bodySize)) are shown"
    lines.append([TextRun(words, Style(.warning))])
  }

  /// The first lines of a body, only as many as can be laid out while the keys wait, and how many bytes they show.
  private static func rows(
    of bytes: [UInt8], _ type: MediaType?, _ mode: PayloadMode
  ) -> (rows: [[TextRun]], shown: Int) {
    let document = BodyReading(part: BodyContent(bytes: bytes, type: type)).document(mode)
    var rows: [[TextRun]] = []
    for line in 0..<document.lineCount {
      guard document.byteRange(ofLine: line).upperBound <= Job.inlineLimit else {
        return (rows, document.origin(ofLine: line))
      }
      rows.append(PaneContent.payload(document).runs(line: line, search: nil))
    }
    return (rows, bytes.count)
  }
}

extension Exchange.Failure {
  /// What happened, in words behind the name.
  var sentence: String {
    switch self {
    case .refused: "nothing listens there"
    case .unreachable: "the host has no address, or none that answers"
    case .timeout: "the app did not answer in time"
    case .reset: "the connection was closed before the response was complete"
    case .notHTTP: "the response is not HTTP"
    case .tls: "no trusted TLS connection"
    case .tooLarge: "the head of the response is larger than 64 KiB"
    case .queueFull: "too many deliveries were waiting for the app"
    case .cancelled: "hooktop stopped"
    }
  }
}

extension Disagreement {
  /// - Parameter status: the app's.
  func sentence(_ status: Int?) -> String {
    switch self {
    case .refusedValid:
      "Your app refused a valid delivery (\(status ?? 0)): it may verify a parsed body, or hold another secret."
    case .acceptedFailed: "Your app ACCEPTED a delivery whose signature fails."
    }
  }
}
