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

/// The lines of a session: read and verified on all processors, told of in their order.
extension VerifyReport {
  /// How many lines one processor reads in one go.
  private static let share = 32

  /// A line, read and verified at its own arrival time.
  private enum Line: Sendable {
    case delivery(Delivery)
    case skipped(Int, SessionError)
    case other

    init(_ entry: SessionReader.Entry, _ verifier: Verifier) {
      switch entry.result {
      case .success(.delivery(let delivery)):
        let verdict = verifier.verify(
          delivery.request, provider: delivery.envelope.provider, endpoint: delivery.endpoint,
          at: delivery.receivedAt)
        self = .delivery(delivery.with(verdict: verdict))
      case .success(.incident), .success(.exchange): self = .other
      case .failure(let error): self = .skipped(entry.line, error)
      }
    }
  }

  /// A line that is told of.
  private enum Item: Sendable {
    case delivery(Delivery, neighbours: [Delivery])
    case skipped(Int, SessionError)

    /// Whether it takes so long that it is a share by itself.
    var takesLong: Bool {
      if case .delivery(let delivery, _) = self { delivery.verdict.needsNeighbours } else { false }
    }
  }

  /// What is told of some lines, and counted.
  private enum Told: Sendable {
    case output([UInt8], [DeliveryReport.Result])
    case warning(String)
  }

  /// Takes the next lines of a session.
  /// - Parameter percent: how much of the session has been read with them, in hundredths, where that is known.
  mutating func add(
    _ lines: [SessionLines.Line], of reader: SessionReader, percent: Int? = nil
  ) throws(OutputError) {
    let (verifier, report) = (verifier, report)
    let read = AllCores.map(lines, inSharesOf: Self.share) { Line(reader.entry($0), verifier) }
    let shares = Self.shares(read.compactMap { item($0) })
    try AllCores.reduce(into: &self, shares.count) {
      Self.told(shares[$0], report)
    } inOrder: { (whole: inout VerifyReport, told: [Told]) throws(OutputError) in
      for told in told { try whole.tell(told, percent) }
    }
  }

  /// In the order of the session: numbers and neighbours depend on what came before.
  private mutating func item(_ line: Line) -> Item? {
    switch line {
    case .delivery(let verified):
      let delivery = numbers.numbered(verified)
      defer { neighbours.append(delivery) }
      let isCompared = delivery.verdict.needsNeighbours
      return .delivery(delivery, neighbours: isCompared ? Array(neighbours.elements) : [])
    case .skipped(let number, let error): return .skipped(number, error)
    case .other: return nil
    }
  }

  private static func shares(_ items: [Item]) -> [[Item]] {
    var shares: [[Item]] = []
    var open: [Item] = []
    for item in items {
      open.append(item)
      guard item.takesLong || open.count == share else { continue }
      shares.append(open)
      open = []
    }
    return open.isEmpty ? shares : shares + [open]
  }

  private static func told(_ items: [Item], _ report: DeliveryReport) -> [Told] {
    var told: [Told] = []
    var (output, results): ([UInt8], [DeliveryReport.Result]) = ([], [])
    for item in items {
      switch item {
      case .delivery(let delivery, let neighbours):
        let subject = report.subject(
          delivery.request, delivery.envelope, at: delivery.receivedAt, verdict: delivery.verdict,
          endpoint: delivery.endpoint, sequence: delivery.sequence)
        results.append(report.write(subject, neighbours: neighbours, to: &output))
      case .skipped(let number, let error):
        told += [.output(output, results), .warning("line \(number) is skipped: \(error)")]
        (output, results) = ([], [])
      }
    }
    return told + [.output(output, results)]
  }

  private mutating func tell(_ told: Told, _ percent: Int?) throws(OutputError) {
    switch told {
    case .output(let bytes, let results):
      if !bytes.isEmpty { try Console.output(bytes) }
      for result in results {
        count(result)
        progress.step("verified", percent: percent)
      }
    case .warning(let text): Console.warn(text)
    }
  }
}
