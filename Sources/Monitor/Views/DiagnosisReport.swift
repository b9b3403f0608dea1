internal import Screen
internal import Diagnosis
internal import Webhooks

/// The lines of the signature pane that come from a diagnosis: causes, the caret, the clocks, the samples.
struct DiagnosisReport {
  private let diagnosis: Diagnosis
  private let findings: [Finding]
  private let delivery: Delivery
  private let setting: Setting

  private let today: Timestamp

  init(_ diagnosis: Diagnosis, _ delivery: Delivery, _ setting: Setting, today: Timestamp) {
    self.today = today
    self.diagnosis = diagnosis
    findings = setting.hidesEvidence ? diagnosis.findings.map(\.inGeneral) : diagnosis.findings
    self.delivery = delivery
    self.setting = setting
  }

  /// Each cause with its level and detail, and the remedy of the surest.
  var causes: [[TextRun]] {
    let causes = findings.flatMap { finding in
      [
        SignatureReport.row(
          "cause",
          [
            TextRun(finding.title, Style(.normal, bold: true)),
            TextRun("  \(finding.level.rawValue.uppercased())", Style(Self.role(of: finding.level))),
          ]),
        SignatureReport.row("", [TextRun(finding.detail)]),
      ]
    }
    return causes
      + (findings.first.map { [SignatureReport.row("fix", [TextRun($0.remedy)])] } ?? [])
  }

  private static func role(of level: Cause.Level) -> Role {
    switch level {
    case .proven: .success
    case .seen: .info
    case .likely: .warning
    case .unknown: .neutral
    }
  }

  /// The header around the byte that makes it malformed, and a caret under that byte.
  var caret: [[TextRun]] {
    guard !setting.hidesEvidence, let offset = diagnosis.facts.header.faultOffset,
      let line = diagnosis.facts.header.lines.first
    else { return [] }
    let bytes = Array(line)
    let cut = min(offset, bytes.count)
    let start = max(0, cut - Self.context)
    let end = min(cut + Self.context, bytes.count)
    let ellipsis = String(Glyphs.forCharset(setting.charset).ellipsis)
    let before = TextRun(start > 0 ? ellipsis : "", .dim)
    let after = TextRun(end < bytes.count ? ellipsis : "", .dim)
    let width = (start > 0 ? 1 : 0) + SafeText.width(of: bytes[start..<cut], charset: setting.charset)
    return [
      SignatureReport.row(
        "header", [before, TextRun(bytes[start..<cut]), TextRun(bytes[cut..<end], Style(.failure)), after]),
      SignatureReport.row(
        "", [TextRun(String(repeating: " ", count: width) + "^", Style(.failure, bold: true))]),
    ]
  }

  /// How many bytes of a malformed header are shown on either side of the fault.
  private static let context = 16

  /// The clock strip, what code that copies a documented sample would do, and what the search took.
  var evidence: [[TextRun]] { clock + samples + [effort] }

  private var clock: [[TextRun]] {
    let (facts, zone) = (diagnosis.facts.clock, setting.zone)
    var words: [String] = []
    if let created = facts.createdAt, !setting.hidesEvidence {
      words.append("created \(zone.text(created, today: today))")
    }
    if let t = facts.t {
      let label = delivery.envelope.provider?.scheme.timeLabel ?? "time"
      words.append(
        "\(label) \(zone.text(Timestamp(seconds: t), today: today))\(setting.hidesEvidence ? "" : step(facts.signedAfterCreation))"
      )
    }
    words.append("arrived \(zone.text(facts.arrival, today: today))\(step(facts.age))")
    words.append(zone.name(at: facts.arrival))
    return [SignatureReport.row("clock", [TextRun(words.joined(separator: "  "))])]
  }

  /// ` (+3.2 s)`: how much later than the moment before.
  private func step(_ seconds: Double?) -> String {
    seconds.map { " (\($0 < 0 ? "-" : "+")\(Durations.words($0)))" } ?? ""
  }

  private var samples: [[TextRun]] {
    guard !diagnosis.samples.isEmpty else { return [] }
    let rows = SampleVerifier.allCases.compactMap { sample in
      diagnosis.samples[sample].map { result in
        SignatureReport.row(
          "",
          [
            TextRun("\(sample.title): "), TextRun(result.word, Style(Self.role(of: result))),
            TextRun(Self.why(result)),
          ])
      }
    }
    return [SignatureReport.row("code", [TextRun("What each documented sample verifier does with it:")])]
      + rows
  }

  private static func role(of result: SampleResult) -> Role {
    switch result {
    case .accepts: .success
    case .rejects: .failure
    case .fails: .warning
    }
  }

  private static func why(_ result: SampleResult) -> String {
    switch result {
    case .accepts: ""
    case .rejects(let why): ", \(why)"
    case .fails(let failure, let why): " \(failure.rawValue), \(why)"
    }
  }

  private var effort: [TextRun] {
    let limit =
      switch diagnosis.limit {
      case nil: ""
      case .candidates?: "; candidate limit reached: press i, then d, to keep searching"
      case .time?: "; time limit reached: press i, then d, to keep searching"
      case .memory?: "; memory limit reached"
      }
    let milliseconds = Int(diagnosis.milliseconds.rounded(.up))
    return SignatureReport.row(
      "tried",
      [
        TextRun(
          "\(Wording.count(diagnosis.candidatesTried, "candidate")) in \(milliseconds) ms\(limit)", .dim)
      ])
  }
}
