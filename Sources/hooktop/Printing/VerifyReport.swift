internal import ArgumentParser
internal import Diagnosis
internal import Screen
internal import Webhooks

/// What `verify` finds: verifies each delivery, says why it fails, and ends with a sum and an exit code.
struct VerifyReport: Sendable {
  let providers: Providers
  private let verifier: Verifier
  private let report: DeliveryReport
  /// The deliveries before a failed one, which are compared with it: so many that the memory is bounded.
  private var neighbours = RingBuffer<Delivery>(capacity: 256, costLimit: 64 << 20) { $0.cost }
  private var statuses: [Verdict.Status: Int] = [:]
  private var causes: [Cause.ID: Int] = [:]
  private var firstFailure: Verdict.Status?
  private var numbers = AscendingNumbers()
  private var progress = Progress()

  init(_ verifier: Verifier, providers: Providers, form: DeliveryReport.Form) {
    self.providers = providers
    self.verifier = verifier
    report = DeliveryReport(verifier: verifier, providers: providers, form: form)
  }

  /// A single body with its headers; its provider is read from them where it is not given.
  mutating func add(_ request: Request, provider: Provider?, at moment: Timestamp)
    throws(OutputError)
  {
    _ = try add(request, envelope(of: request, provider, moment), at: moment, sequence: nil)
  }

  private func envelope(of request: Request, _ provider: Provider?, _ moment: Timestamp) -> Envelope {
    provider.map { Envelope(reading: request, of: $0) }
      ?? verifier.judge(request, among: providers, at: moment).envelope
  }

  /// One of several requests that another program has saved, counted from 1.
  mutating func add(
    _ request: Request, provider: Provider?, at moment: Timestamp, number: UInt64
  ) throws(OutputError) {
    let envelope = envelope(of: request, provider, moment)
    let verdict = try add(request, envelope, at: moment, sequence: number)
    neighbours.append(
      Delivery(
        sequence: number, receivedAt: moment, request: request, envelope: envelope,
        verdict: verdict,
        isDuplicate: false, attempt: 1, answer: nil))
    progress.step("verified")
  }

  private mutating func add(
    _ request: Request, _ envelope: Envelope, at moment: Timestamp, sequence: UInt64?
  ) throws(OutputError) -> Verdict {
    let verdict = verifier.verify(request, provider: envelope.provider, at: moment)
    let subject = report.subject(
      request, envelope, at: moment, verdict: verdict, sequence: sequence)
    var output: [UInt8] = []
    count(report.write(subject, neighbours: Array(neighbours.elements), to: &output))
    try Console.output(output)
    return verdict
  }

  private mutating func count(_ result: DeliveryReport.Result) {
    statuses[result.status, default: 0] += 1
    guard result.status != .valid else { return }
    if firstFailure == nil { firstFailure = result.status }
    if let cause = result.cause { causes[cause, default: 0] += 1 }
  }

  /// Says how many of each there were.
  func finish() {
    Console.endProgress()
    guard !statuses.isEmpty else {
      return Console.say("no deliveries in the session: record one with hooktop tail --json")
    }
    let verdicts = Verdict.Status.allCases.compactMap { status in
      statuses[status].map { "\($0) \(status.rawValue)" }
    }
    Console.say(verdicts.joined(separator: ", "))
    for cause in Cause.all {
      guard let count = causes[cause.id] else { continue }
      let words =
        cause.id == .unknown ? "without a cause found" : "\(cause.id.rawValue): \(cause.title)"
      Console.say("  \(count) \(words)")
    }
  }

  /// The code to end with; nil for 0.
  var exitCode: ExitCode? {
    switch firstFailure {
    case nil, .valid?: statuses.isEmpty ? ExitCode(1) : nil
    case .missing?: ExitCode(10)
    case .malformed?: ExitCode(11)
    case .mismatch?: ExitCode(12)
    case .stale?: ExitCode(13)
    case .unchecked?: ExitCode(14)
    }
  }
}

/// The lines of a session: read, verified and told of on all processors, and printed in their order.
extension VerifyReport {
  /// How many lines one processor reads in one go.
  private static let share = 32

  /// A line that has been read and verified.
  private enum Line: Sendable {
    /// `telling` is what is told of a plain one, as long as it keeps its number.
    case delivery(Delivery, telling: DeliveryReport.Telling?)
    case skipped(Int, SessionError)
    case other

    init(_ entry: SessionReader.Entry, _ report: DeliveryReport) {
      switch entry.result {
      case .success(.delivery(let delivery)):
        let isPlain = report.isPlain(delivery.verdict)
        self = .delivery(delivery, telling: isPlain ? report.tell(delivery, neighbours: []) : nil)
      case .success(.incident), .success(.exchange): self = .other
      case .failure(let error): self = .skipped(entry.line, error)
      }
    }
  }

  /// What is next to be printed and counted.
  private enum Item: Sendable {
    case told([UInt8], [DeliveryReport.Result])
    case delivery(Delivery, neighbours: [Delivery])
    case skipped(Int, SessionError)
  }

  /// A reader of sessions that judges each delivery at its own arrival time.
  func reader() -> SessionReader { SessionReader(providers: providers, verifier: verifier) }

  /// Takes the next lines of a session.
  /// - Parameters:
  ///   - reader: one that `reader()` has made.
  ///   - percent: how much of the session has been read with them, in hundredths, where that is known.
  mutating func add(
    _ lines: [SessionLines.Line], of reader: SessionReader, percent: Int? = nil
  ) throws(OutputError) {
    let report = report
    let read = AllCores.map(lines, inSharesOf: Self.share) { Line(reader.entry($0), report) }
    let items = items(read)
    try AllCores.reduce(into: &self, items.count) { index in
      guard case .delivery(let delivery, let neighbours) = items[index] else { return items[index] }
      let telling = report.tell(delivery, neighbours: neighbours)
      return .told(telling.lines, [telling.result])
    } inOrder: { (whole: inout VerifyReport, item: Item) throws(OutputError) in
      try whole.print(item, percent)
    }
  }

  /// In the order of the session: numbers and neighbours depend on what came before.
  private mutating func items(_ lines: [Line]) -> [Item] {
    var items: [Item] = []
    var (told, results): ([UInt8], [DeliveryReport.Result]) = ([], [])
    func endPlain() {
      if !results.isEmpty { items.append(.told(told, results)) }
      (told, results) = ([], [])
    }
    for line in lines {
      switch line {
      case .delivery(let read, let telling):
        let delivery = numbers.numbered(read)
        if let telling, delivery.sequence == read.sequence {
          told += telling.lines
          results.append(telling.result)
        } else {
          endPlain()
          let isCompared = delivery.verdict.needsNeighbours
          items.append(.delivery(delivery, neighbours: isCompared ? Array(neighbours.elements) : []))
        }
        neighbours.append(delivery)
      case .skipped(let number, let error):
        endPlain()
        items.append(.skipped(number, error))
      case .other: break
      }
    }
    endPlain()
    return items
  }

  private mutating func print(_ item: Item, _ percent: Int?) throws(OutputError) {
    switch item {
    case .told(let bytes, let results):
      if !bytes.isEmpty { try Console.output(bytes) }
      for result in results {
        count(result)
        progress.step("verified", percent: percent)
      }
    case .skipped(let number, let error): Console.warn("line \(number) is skipped: \(error)")
    case .delivery: break
    }
  }
}
