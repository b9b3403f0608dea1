internal import DequeModule
internal import Diagnosis
internal import Dispatch
internal import JSON
internal import Monitor
internal import Screen
internal import OperatingSystem
internal import Synchronization
internal import Webhooks

extension Zone {
  /// The user's, as TZ or the system says.
  static let local = Zone { moment in
    // Whole seconds before 1970 as well.
    let reading = LocalZone.reading(at: Int(moment.seconds.rounded(.down)))
    return Reading(offset: reading.offset, name: reading.name)
  }
}

/// The lines that `tail` and `verify` print for people; what was received passes the text gate.
enum TailLine {
  /// The date stands before the time where it is not today's: `18:02:11  #12  parlay  analysis.completed  test  ✓ valid: …  412 B  200  /hooks`.
  static func text(_ delivery: Delivery, _ diagnosis: Diagnosis? = nil) -> String {
    let envelope = delivery.envelope
    var words = [
      Zone.local.text(delivery.receivedAt, today: .now()), "#\(delivery.sequence)",
      SafeText.padded(envelope.provider?.name ?? "-", to: 7),
      SafeText.padded(envelope.event?.text ?? "-", to: 20),
      SafeText.padded(envelope.livemode.rawValue, to: 4), verdict(delivery.verdict, of: envelope.provider),
      "\(delivery.request.body.count) B", delivery.answer?.status.map(String.init) ?? "-",
      delivery.request.target.cut(to: Self.longestTarget).text,
    ]
    if let endpoint = delivery.endpoint {
      words.append(endpoint.name)
      if let oddity = endpoint.oddity(of: envelope.livemode) { words.append(oddity) }
    }
    if delivery.attempt > 1 { words.append("attempt \(delivery.attempt)") }
    if delivery.isDuplicate { words.append("duplicate") }
    let line = words.joined(separator: "  ") + (diagnosis.map(cause) ?? "")
    return SafeText.plain(line, charset: UserLocale.charset)
  }

  /// How much of a request's target is printed, in bytes.
  private static let longestTarget = 80

  /// `  body re-serialised (proven)`, the first cause of a failure; empty if none was found.
  static func cause(_ diagnosis: Diagnosis) -> String {
    diagnosis.findings.first.map { "  \($0.title) (\($0.level.rawValue))" } ?? ""
  }

  /// `timeout (408): no whole header within 10 s, from 127.0.0.1:51234`.
  static func text(_ incident: Incident) -> String {
    let answer = incident.status.map { " (\($0))" } ?? ""
    let peer = incident.peer.isEmpty ? "" : ", from \(incident.peer)"
    return "\(incident.reason.rawValue)\(answer): \(incident.detail)\(peer)"
  }

  /// `18:02:11  #12  to http://127.0.0.1:3000/hook  200  12.1 ms`, or with what went wrong instead of the status.
  static func text(_ exchange: Exchange, of sequence: UInt64) -> String {
    let words = [
      Zone.local.text(exchange.at, today: .now()), "#\(sequence)", "to \(start(of: exchange.url))",
      exchange.result,
      Durations.milliseconds(exchange.milliseconds.total),
    ]
    return SafeText.plain(words.joined(separator: "  "), charset: UserLocale.charset)
  }

  /// How much of an app's URL is printed, in columns.
  private static let longestURL = 120

  /// As much of a URL as is printed.
  private static func start(of url: String) -> String {
    // Wrapping all of a long one would cost its length.
    let bytes = Array(url.utf8.prefix(8 * longestURL))[...]
    let row = SafeText.wrap(bytes, columns: longestURL, charset: UserLocale.charset).first
    return String(decoding: row.map { bytes[$0] } ?? bytes, as: UTF8.self)
  }

  /// `✓ valid: signed with parlay` or `✗ mismatch: no secret matches`.
  static func verdict(_ verdict: Verdict, of provider: Provider?) -> String {
    if verdict.status == .valid { return valid + (verdict.secret?.text ?? "-") }
    return start(verdict) + verdict.reason.summary(under: provider?.scheme)
  }

  /// `✓ valid: signed with `.
  static let valid = start(Verdict(.ok)) + "signed with "

  private static func start(_ verdict: Verdict) -> String {
    let sign = VerdictSign(verdict, Glyphs.forCharset(UserLocale.charset)).sign
    return "\(sign) \(verdict.status.rawValue): "
  }

  /// Prints deliveries on standard output and incidents on standard error, in their order.
  /// - Parameter diagnose: looks for what is wrong with a delivery, where there is time for that.
  static func print(
    _ records: [SessionRecord], diagnose: (Delivery) -> Diagnosis? = { _ in nil }
  ) throws(OutputError) {
    var lines = ""
    for record in records {
      switch record {
      case .delivery(let delivery): lines += text(delivery, diagnose(delivery)) + "\n"
      case .exchange(let exchange, let sequence): lines += text(exchange, of: sequence) + "\n"
      case .incident(let incident):
        // It goes to another stream, so what came before it must be out first.
        try Console.output(Array(lines.utf8))
        lines = ""
        Console.say("incident: \(text(incident))")
      }
    }
    try Console.output(Array(lines.utf8))
  }
}

/// Prints recorded sessions as `tail` prints a live one, for want of a screen.
enum RecordedPrinter {
  /// - Parameters:
  ///   - filter: takes what is printed; nil for all. What is no delivery is told in any case.
  ///   - redaction: what is hidden in it.
  static func print(_ sources: [any LineSource], filter: Filter?, hiding redaction: Redaction) throws {
    guard sources.count > 1 else {
      for source in sources { try print(source, filter: filter, redaction) { $0 } }
      return
    }
    let state = Mutex((numbers: StreamNumbers(streams: sources.count), error: (any Error)?.none))
    let turn = Mutex(())
    let done = DispatchSemaphore(value: 0)
    for (index, source) in sources.enumerated() {
      BackgroundThread.start {
        do {
          try print(source, filter: filter, redaction, turn: turn) { line in
            state.withLock { $0.numbers.numbered(line, from: index) }
          }
        } catch {
          state.withLock { $0.error = $0.error ?? error }
        }
        done.signal()
      }
    }
    for _ in sources { done.wait() }
    if let error = state.withLock({ $0.error }) { throw error }
  }

  private static func print(
    _ source: any LineSource, filter: Filter?, _ redaction: Redaction,
    turn: borrowing Mutex<Void> = Mutex(()),
    number: (RecordedLine) -> RecordedLine?
  ) throws {
    var source = source
    var filter = filter.map { PrintFilter($0) }
    var redaction = RecordRedaction(redaction)
    while let lines = try source.next()?.compactMap(number) {
      try turn.withLock { _ in try print(lines, &filter, &redaction) }
    }
  }

  private static func print(
    _ lines: [RecordedLine], _ filter: inout PrintFilter?, _ redaction: inout RecordRedaction
  ) throws {
    // Records in one write; a line that is skipped is told in its place.
    var records: [SessionRecord] = []
    for line in lines {
      switch line {
      case .record(let record) where filter?.takes(record) ?? true:
        records.append(redaction.hiding(in: record))
      case .record: break
      case .skipped(let skipped):
        try TailLine.print(records)
        records = []
        Console.warn("line \(skipped.number) is skipped: \(skipped.error)")
      }
    }
    try TailLine.print(records)
  }
}

/// Which lines of a session are printed: deliveries that a filter takes, their exchanges, and all incidents.
struct PrintFilter {
  /// How many of the deliveries last taken are known, for the exchanges that come after them.
  private static let memory = 20_000

  private let filter: Filter
  private var taken: Set<UInt64> = []
  private var order: Deque<UInt64> = []

  init(_ filter: Filter) { self.filter = filter }

  mutating func takes(_ record: SessionRecord) -> Bool {
    switch record {
    case .incident: return true
    case .exchange(_, let sequence): return taken.contains(sequence)
    case .delivery(let delivery):
      guard filter.matches(delivery) else { return false }
      remember(delivery.sequence)
      return true
    }
  }

  private mutating func remember(_ sequence: UInt64) {
    guard taken.insert(sequence).inserted else { return }
    order.append(sequence)
    if order.count > Self.memory { taken.remove(order.removeFirst()) }
  }
}
