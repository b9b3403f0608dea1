internal import ArgumentParser
internal import Diagnosis
internal import JSON
internal import Screen
internal import OperatingSystem
internal import Webhooks

/// What `verify` finds: verifies each delivery, says why it fails, and ends with a sum and an exit code.
struct VerifyReport {
  /// How a delivery of a session is told of.
  enum Form {
    case json
    /// A line, with the first cause.
    case lines
    /// All that was found.
    case full
  }

  let providers: Providers
  private let verifier: Verifier
  private let form: Form
  private var writer = JSONWriter()
  /// The deliveries before a failed one, which are compared with it: so many that the memory is bounded.
  private var neighbours = RingBuffer<Delivery>(capacity: 256, costLimit: 64 << 20) { $0.cost }
  private var statuses: [Verdict.Status: Int] = [:]
  private var causes: [Cause.ID: Int] = [:]
  private var firstFailure: Verdict.Status?
  private var numbers = AscendingNumbers()
  private var progress = Progress()

  init(_ verifier: Verifier, providers: Providers, form: Form) {
    self.providers = providers
    self.verifier = verifier
    self.form = form
  }

  /// A single body with its headers; its provider is read from them where it is not given.
  mutating func add(_ request: Request, provider: Provider?, at moment: Timestamp) throws(OutputError) {
    _ = try add(request, envelope(of: request, provider, moment), to: nil, at: moment, sequence: nil)
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
    let verdict = try add(request, envelope, to: nil, at: moment, sequence: number)
    neighbours.append(
      Delivery(
        sequence: number, receivedAt: moment, request: request, envelope: envelope,
        verdict: verdict,
        isDuplicate: false, attempt: 1, answer: nil))
    progress.step("verified")
  }

  /// One line of a session, verified at its own arrival time.
  mutating func add(_ entry: SessionReader.Entry) throws(OutputError) {
    switch entry.result {
    case .success(.delivery(let recorded)):
      let delivery = numbers.numbered(recorded)
      let verdict = try add(
        delivery.request, delivery.envelope, to: delivery.endpoint, at: delivery.receivedAt,
        sequence: delivery.sequence)
      neighbours.append(delivery.with(verdict: verdict))
      progress.step("verified")
    case .success(.incident), .success(.exchange): break
    case .failure(let error):
      Console.warn("line \(entry.line) is skipped: \(error)")
    }
  }

  private mutating func add(
    _ request: Request, _ envelope: Envelope, to endpoint: Endpoint?, at moment: Timestamp, sequence: UInt64?
  ) throws(OutputError) -> Verdict {
    let verdict = verifier.verify(request, provider: envelope.provider, endpoint: endpoint, at: moment)
    var subject = DiagnosisSubject(
      sequence: sequence, request: request, envelope: envelope, receivedAt: moment, verdict: verdict,
      providers: providers, tolerance: verifier.tolerance, zone: .local)
    subject.endpoint = endpoint
    let diagnosis = Diagnosis(
      of: subject, keyring: verifier.keyring, neighbours: Array(neighbours.elements),
      // A session may hold thousands of failures; a single body is worth all the time that it takes.
      budget: sequence == nil ? .onDemand { Clock.now } : .automatic { Clock.now })
    count(verdict, diagnosis)
    switch form {
    case .json: try printJSON(verdict, diagnosis, sequence)
    case .lines where sequence != nil: try print([Self.line(verdict, diagnosis, subject)])
    case .lines, .full: try print(text(verdict, diagnosis, subject))
    }
    return verdict
  }

  private mutating func count(_ verdict: Verdict, _ diagnosis: Diagnosis) {
    statuses[verdict.status, default: 0] += 1
    guard verdict.status != .valid else { return }
    if firstFailure == nil { firstFailure = verdict.status }
    if let cause = diagnosis.findings.first { causes[cause.id, default: 0] += 1 }
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
      let words = cause.id == .unknown ? "without a cause found" : "\(cause.id.rawValue): \(cause.title)"
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

  private mutating func printJSON(
    _ verdict: Verdict, _ diagnosis: Diagnosis, _ sequence: UInt64?
  ) throws(OutputError) {
    writer.clear()
    writer.object { line in
      line.field(SessionField.sequence.key, sequence)
      line.write(verdict, withTolerance: false)
      line.write(diagnosis)
    }
    writer.endLine()
    try Console.output(writer.bytes)
  }

  /// `#12  analysis.completed  ✗ mismatch: no secret matches, 3 s old  body re-serialised (proven)`.
  private static func line(
    _ verdict: Verdict, _ diagnosis: Diagnosis, _ subject: DiagnosisSubject
  ) -> String {
    headline(verdict, subject) + (verdict.status == .valid ? "" : TailLine.cause(diagnosis))
  }

  private static func headline(_ verdict: Verdict, _ subject: DiagnosisSubject) -> String {
    let age = verdict.ageSeconds.map { ", \(Durations.age($0))" } ?? ""
    let words = TailLine.verdict(verdict, of: subject.envelope.provider) + age
    return subject.sequence.map { "#\($0)  \(subject.envelope.event?.text ?? "-")  \(words)" } ?? words
  }

  private func text(
    _ verdict: Verdict, _ diagnosis: Diagnosis, _ subject: DiagnosisSubject
  ) -> [String] {
    var lines = [Self.headline(verdict, subject)]
    if subject.sequence == nil, subject.request.headers.isEmpty, verdict.reason == .noHeader {
      let provider = subject.envelope.provider ?? verifier.keyring.secrets.first?.provider
      let header = provider?.scheme.headerExample ?? "NAME: VALUE"
      lines.append("  do     give the headers that came with it: --header '\(header)'")
    } else if verdict.status != .valid {
      lines += Self.reasons(diagnosis, verdict, subject.envelope.provider?.scheme)
    }
    return lines
  }

  private func print(_ lines: [String]) throws(OutputError) {
    let safe = lines.map { SafeText.plain($0, charset: UserLocale.charset) + "\n" }
    try Console.output(Array(safe.joined().utf8))
  }

  private static func reasons(
    _ diagnosis: Diagnosis, _ verdict: Verdict, _ scheme: SignatureScheme?
  ) -> [String] {
    guard let first = diagnosis.findings.first else {
      return ["  do     \(verdict.reason.remedy(under: scheme))"]
    }
    let causes = diagnosis.findings.map { finding in
      "  cause  \(finding.title), \(finding.level.rawValue.uppercased()): \(finding.detail)"
    }
    let samples = SampleVerifier.allCases.compactMap { sample in
      diagnosis.samples[sample].map { "  code   \(sample.title): \($0.sentence)" }
    }
    let milliseconds = Int(diagnosis.milliseconds.rounded(.up))
    return causes + ["  fix    \(first.remedy)"] + samples
      + ["  tried  \(diagnosis.candidatesTried) candidates in \(milliseconds) ms"]
  }
}
