internal import Diagnosis
internal import JSON
internal import OperatingSystem
internal import Screen
internal import Webhooks

/// What `verify` prints of one delivery, in the form that is asked for.
struct DeliveryReport: Sendable {
  /// How a delivery of a session is told of.
  enum Form {
    case json
    /// A line, with the first cause.
    case lines
    /// All that was found.
    case full
  }

  /// What was found about one delivery, in a few words.
  struct Result: Sendable {
    let status: Verdict.Status
    /// The surest cause of a failure.
    let cause: Cause.ID?
  }

  let verifier: Verifier
  let providers: Providers
  let form: Form
  private let past = PastSearches()

  init(verifier: Verifier, providers: Providers, form: Form) {
    (self.verifier, self.providers, self.form) = (verifier, providers, form)
  }

  /// What a diagnosis is made of, once the verdict is known.
  func subject(
    _ request: Request, _ envelope: Envelope, at moment: Timestamp, verdict: Verdict,
    endpoint: Endpoint? = nil,
    sequence: UInt64?
  ) -> DiagnosisSubject {
    var subject = DiagnosisSubject(
      sequence: sequence, request: request, envelope: envelope, receivedAt: moment,
      verdict: verdict,
      providers: providers, tolerance: verifier.tolerance, zone: .local)
    subject.endpoint = endpoint
    return subject
  }

  /// Whether a delivery is told of without a look at those before it, and in little time.
  func isPlain(_ verdict: Verdict) -> Bool {
    verdict.status == .valid && (form != .json || !verdict.needsNeighbours)
  }

  /// Adds the lines of one delivery of a session to `output`.
  /// - Parameter neighbours: the deliveries before it that it is compared with, oldest first.
  func write(_ delivery: Delivery, neighbours: [Delivery] = [], to output: inout [UInt8]) -> Result {
    let verdict = delivery.verdict
    // As nearly all of a long session are: what a diagnosis is made of is not put together for them.
    if form != .json, verdict.status == .valid, appendValid(delivery, to: &output) {
      return Result(status: .valid, cause: nil)
    }
    let subject = subject(
      delivery.request, delivery.envelope, at: delivery.receivedAt, verdict: verdict,
      endpoint: delivery.endpoint, sequence: delivery.sequence)
    return write(subject, neighbours: neighbours, to: &output)
  }

  /// Adds the headline of a valid delivery piece by piece, where what was received in it is such that the gate leaves
  /// it as it is; false where it is not.
  private func appendValid(_ delivery: Delivery, to output: inout [UInt8]) -> Bool {
    let verdict = delivery.verdict
    guard let event = delivery.envelope.event, let secret = verdict.secret, event.isPrintableASCII,
      secret.isPrintableASCII
    else { return false }
    output += "#\(delivery.sequence)  ".utf8
    event.withBytes { output.append(contentsOf: $0) }
    output += "  ".utf8
    output += TailLine.valid.utf8
    secret.withBytes { output.append(contentsOf: $0) }
    if let age = verdict.ageSeconds { output += ", \(Durations.age(age))".utf8 }
    output.append(UInt8(ascii: "\n"))
    return true
  }

  /// Adds the lines of one delivery to `output`.
  /// - Parameter neighbours: the deliveries before it that it is compared with, oldest first.
  func write(
    _ subject: DiagnosisSubject, neighbours: [Delivery], to output: inout [UInt8]
  ) -> Result {
    let verdict = subject.verdict
    // Nothing is printed of what is found about a valid one.
    guard form == .json || verdict.status != .valid else {
      append([Self.headline(subject)], to: &output)
      return Result(status: .valid, cause: nil)
    }
    let diagnosis = Diagnosis(
      of: subject, keyring: verifier.keyring, neighbours: neighbours,
      // A session may hold thousands of failures; a single body is worth all the time that it takes.
      budget: subject.sequence == nil ? .onDemand { Clock.now } : .automatic { Clock.now },
      past: past)
    switch form {
    case .json: output += Self.json(diagnosis, subject)
    case .lines where subject.sequence != nil:
      append([Self.headline(subject) + TailLine.cause(diagnosis)], to: &output)
    case .lines, .full: append(text(diagnosis, subject), to: &output)
    }
    return Result(status: verdict.status, cause: diagnosis.findings.first?.id)
  }

  private static func json(_ diagnosis: Diagnosis, _ subject: DiagnosisSubject) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { line in
      line.field(SessionField.sequence.key, subject.sequence)
      line.write(subject.verdict, withTolerance: false)
      line.write(diagnosis)
    }
    writer.endLine()
    return writer.bytes
  }

  /// `#12  analysis.completed  ✗ mismatch: no secret matches, 3 s old`.
  private static func headline(_ subject: DiagnosisSubject) -> String {
    let verdict = subject.verdict
    let age = verdict.ageSeconds.map { ", \(Durations.age($0))" } ?? ""
    let words = TailLine.verdict(verdict, of: subject.envelope.provider) + age
    return subject.sequence.map { "#\($0)  \(subject.envelope.event?.text ?? "-")  \(words)" }
      ?? words
  }

  private func text(_ diagnosis: Diagnosis, _ subject: DiagnosisSubject) -> [String] {
    let verdict = subject.verdict
    var lines = [Self.headline(subject)]
    if subject.sequence == nil, subject.request.headers.isEmpty, verdict.reason == .noHeader {
      let provider = subject.envelope.provider ?? verifier.keyring.secrets.first?.provider
      let header = provider?.scheme.headerExample ?? "NAME: VALUE"
      lines.append("  do     give the headers that came with it: --header '\(header)'")
    } else {
      lines += Self.reasons(diagnosis, verdict, subject.envelope.provider?.scheme)
    }
    return lines
  }

  private func append(_ lines: [String], to output: inout [UInt8]) {
    for line in lines { output += (SafeText.plain(line, charset: UserLocale.charset) + "\n").utf8 }
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

extension ByteString {
  /// Whether the gate leaves the text as it is.
  fileprivate var isPrintableASCII: Bool { withBytes { $0.allSatisfy { (0x20..<0x7F).contains($0) } } }
}
