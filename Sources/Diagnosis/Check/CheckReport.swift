public import Webhooks

/// What an app answered to the probes of a check, and what that says of it.
public struct CheckReport: Sendable {
  /// One probe as it was sent, and what came back.
  public struct Row: Sendable {
    public let probe: Probe
    /// The HTTP status; nil if no complete response arrived.
    public let status: Int?
    /// What the documented samples would do with it.
    let samples: [SampleVerifier: SampleResult]

    public var verdict: Probe.Verdict { probe.verdict(on: status) }

    /// What the app does, in a sample's words: an error of the server's is an exception of its code.
    var word: String {
      guard let status, status < 500 else { return "throws" }
      return status.isAcceptedStatus ? "accept" : "reject"
    }
  }

  public private(set) var rows: [Row] = []
  /// Those that the provider's scheme or the delivery's body does not allow, and that were not sent.
  public private(set) var notApplicable: [Probe] = []

  public init() {}

  /// Adds what the app answered to a probe.
  public mutating func add(_ probe: Probe, _ draft: SignedDraft, status: Int?) -> Row {
    let row = Row(probe: probe, status: status, samples: draft.samples)
    rows.append(row)
    return row
  }

  /// Whether an exchange without a response shows that the app is gone, which refuses nothing by that; one that closes
  /// the connection on a forgery does.
  public func isAppGone(after exchange: Exchange) -> Bool {
    guard let failure = exchange.failure, exchange.response == nil else { return false }
    return rows.isEmpty || failure != .reset
  }

  /// Notes that a probe can't be sent.
  public mutating func leaveOut(_ probe: Probe) { notApplicable.append(probe) }

  /// `18 probes: 2 wrong, 1 lenient, 1 not applicable`.
  public var counts: String {
    "\(rows.count) \(rows.count == 1 ? "probe" : "probes"): \(count(.wrong)) wrong, \(count(.lenient)) lenient"
      + (notApplicable.isEmpty ? "" : ", \(notApplicable.count) not applicable")
  }

  /// What the answers come to, and what to do, in sentences.
  public var conclusion: String {
    let faults = Self.faults.filter { fault in
      rows.contains { $0.verdict == fault.verdict && $0.probe.expectation == fault.expectation }
    }
    return faults.isEmpty
      ? "Your app refuses every forgery and accepts every good delivery."
      : faults.map(\.sentence).joined(separator: " ")
  }

  /// What an app can be at fault in: how bad that is, what it should have done, and what to do.
  private static let faults: [(verdict: Probe.Verdict, expectation: Probe.Expectation, sentence: String)] = [
    (
      .wrong, .refuse,
      "Your app accepts forgeries: verify the signature of the raw body, and how old it is, before anything else."
    ),
    (
      .wrong, .accept,
      "Your app refuses good deliveries: verify the body as it came, with the whole signing secret, and accept one that comes again."
    ),
    (
      .lenient, .refuse,
      "Your app accepts signatures that are not written as documented, which is harmless: compare them whole."
    ),
    (
      .lenient, .accept,
      "Your app refuses event types that it does not know, which their sender repeats: answer them with 200."
    ),
  ]

  public func count(_ verdict: Probe.Verdict) -> Int { rows.count { $0.verdict == verdict } }

  /// The documented sample that answers all probes as the app does, those aside that no sample can judge; nil if none or
  /// several do.
  public var resembles: SampleVerifier? {
    let rows = rows.filter { !$0.samples.isEmpty && $0.probe.isJudgedBySamples }
    guard !rows.isEmpty else { return nil }
    let same = SampleVerifier.allCases.filter { sample in
      rows.allSatisfy { $0.samples[sample]?.word == $0.word }
    }
    if same.count == 1 { return same[0] }
    // Many apps catch what their verifier throws.
    let alike = SampleVerifier.allCases.filter { sample in
      rows.allSatisfy { ($0.samples[sample]?.word == "accept") == ($0.word == "accept") }
    }
    return alike.count == 1 ? alike[0] : nil
  }
}

extension SignedDraft {
  /// What the documented samples of its provider do with the delivery as it is now.
  fileprivate var samples: [SampleVerifier: SampleResult] {
    let values = signatures.map { String(decoding: $0, as: UTF8.self) }
    let documented = SampleVerifier.documented(for: provider)
    return Dictionary(
      uniqueKeysWithValues: documented.map { sample in
        (sample, sample.result(header: sample.joined(values), body: body, secret: secret, at: now))
      })
  }
}
