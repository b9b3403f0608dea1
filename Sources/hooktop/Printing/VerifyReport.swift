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
    /// `plain` is what is told of a plain one as long as it keeps its number.
    case delivery(Delivery, plain: [UInt8]?)
    case skipped(Int, SessionError)
    case other

    init(_ entry: SessionReader.Entry, _ report: DeliveryReport) {
      switch entry.result {
      case .success(.delivery(let delivery)):
        var plain: [UInt8]?
        if report.isPlain(delivery.verdict) {
          var lines: [UInt8] = []
          // A line is seldom longer.
          lines.reserveCapacity(report.form == .json ? 512 : 96)
          _ = report.write(delivery, to: &lines)
          plain = lines
        }
        self = .delivery(delivery, plain: plain)
      case .success(.incident), .success(.exchange): self = .other
      case .failure(let error): self = .skipped(entry.line, error)
      }
    }
  }

  /// What is next to be printed and counted.
  fileprivate enum Item: Sendable {
    /// What is told of so many plain deliveries.
    case plain([UInt8], count: Int)
    case delivery(Delivery, neighbours: [Delivery])
    case told([UInt8], DeliveryReport.Result)
    case skipped(Int, SessionError)

    /// What other items may have in common with this one, so that one search does for all.
    var searched: SearchedRequest? {
      if case .delivery(let delivery, _) = self { SearchedRequest(delivery) } else { nil }
    }
  }

  /// Takes a whole session.
  mutating func add(_ pieces: SessionPieces) throws {
    let reader = SessionReader(providers: providers, verifier: verifier)
    while let piece = try pieces.next() {
      let items = items(piece.lines, of: reader) { pieces.readAhead() }
      try print(items, piece.percent)
    }
    finish()
  }

  /// Reads and verifies lines.
  /// - Parameter first: what one of the processors does before that.
  private mutating func items(
    _ lines: [SessionLines.Line], of reader: SessionReader, _ first: @Sendable () -> Void
  ) -> [Item] {
    let report = report
    let shares = (lines.count + Self.share - 1) / Self.share
    var reading = Reading(numbers: numbers, neighbours: neighbours)
    AllCores.reduce(into: &reading, shares + 1) { index -> [Line] in
      guard index > 0 else {
        first()
        return []
      }
      let start = (index - 1) * Self.share
      return lines[start..<min(start + Self.share, lines.count)].map { Line(reader.entry($0), report) }
    } inOrder: { (reading: inout Reading, lines: [Line]) in
      for line in lines { reading.take(line) }
    }
    reading.endPlain()
    (numbers, neighbours) = (reading.numbers, reading.neighbours)
    return reading.items
  }

  /// What depends on the order of the session: numbers, neighbours and what is printed.
  private struct Reading: Sendable {
    var numbers: AscendingNumbers
    var neighbours: RingBuffer<Delivery>
    private(set) var items: [Item] = []
    /// What is told of the plain ones since the last item, and how many they are: printed in one go.
    private var plain: [UInt8] = []
    private var count = 0

    init(numbers: AscendingNumbers, neighbours: RingBuffer<Delivery>) {
      (self.numbers, self.neighbours) = (numbers, neighbours)
    }

    mutating func take(_ line: Line) {
      switch line {
      case .delivery(let read, let told):
        let delivery = numbers.numbered(read)
        if let told, delivery.sequence == read.sequence {
          plain += told
          count += 1
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

    mutating func endPlain() {
      if count > 0 { items.append(.plain(plain, count: count)) }
      (plain, count) = ([], 0)
    }
  }

  /// Prints items in their order, once all processors have looked into those that are not told of yet.
  private mutating func print(_ items: [Item], _ percent: Int?) throws(OutputError) {
    let report = report
    // One processor takes all that failed alike, so that no other one waits for its search.
    let groups = AllCores.groups(items.map(\.searched))
    try AllCores.reduce(into: &self, groups: groups) { index in
      guard case .delivery(let delivery, let neighbours) = items[index] else { return items[index] }
      var lines: [UInt8] = []
      let result = report.write(delivery, neighbours: neighbours, to: &lines)
      return .told(lines, result)
    } inOrder: { (whole: inout VerifyReport, item: Item) throws(OutputError) in
      try whole.print(item, percent)
    }
  }

  private mutating func print(_ item: Item, _ percent: Int?) throws(OutputError) {
    switch item {
    case .plain(let lines, let count):
      try Console.output(lines)
      statuses[.valid, default: 0] += count
      progress.step("verified", by: count, percent: percent)
    case .told(let lines, let result):
      if !lines.isEmpty { try Console.output(lines) }
      count(result)
      progress.step("verified", percent: percent)
    case .skipped(let number, let error): Console.warn("line \(number) is skipped: \(error)")
    case .delivery: break
    }
  }
}
