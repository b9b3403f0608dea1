public import Webhooks

/// The verifiers that the providers' documentation shows, as models of what they really do.
///
/// They differ from each other and from a strict verifier, and receivers out there are copies of them.
public enum SampleVerifier: Sendable, CaseIterable {
  case parlayTypeScript, parlayPython, parableTypeScript

  /// The name by which a provider's facts and `--json` speak of it.
  public var name: StaticString {
    switch self {
    case .parlayTypeScript: "parlay_ts"
    case .parlayPython: "parlay_py"
    case .parableTypeScript: "parable_ts"
    }
  }

  /// What to call it in a sentence.
  public var title: String {
    switch self {
    case .parlayTypeScript: "Parlay's TypeScript sample"
    case .parlayPython: "Parlay's Python sample"
    case .parableTypeScript: "Parable's TypeScript sample"
    }
  }

  /// Those that the receivers of `provider` may be copies of.
  static func documented(for provider: Provider) -> [SampleVerifier] {
    provider.sampleVerifiers.compactMap { name in
      allCases.first { sample in sample.name.withUTF8Buffer { name.utf8.elementsEqual($0) } }
    }
  }

  /// What it does with a header, a body and a secret at `now`; nil stands for a request without the header.
  public func result(header: String?, body: [UInt8], secret: SigningSecret, at now: Timestamp) -> SampleResult
  {
    result(SampleInput(header: header, body: body, key: secret.key, now: now))
  }

  func result(_ input: SampleInput) -> SampleResult {
    switch self {
    case .parlayTypeScript: ParlayTypeScriptSample.result(input)
    case .parlayPython: ParlayPythonSample.result(input)
    case .parableTypeScript: ParableTypeScriptSample.result(input)
    }
  }

  /// How the server that the sample runs in hands over a header that stands more than once.
  func joined(_ values: [String]) -> String? {
    guard !values.isEmpty else { return nil }
    return values.joined(separator: self == .parlayPython ? "," : ", ")
  }
}

/// What a documented sample verifier does with a delivery, and why.
public enum SampleResult: Sendable, Equatable {
  /// The errors that the samples end in, named as their languages do.
  public enum Failure: String, Sendable, CaseIterable {
    case valueError = "ValueError"
    case overflowError = "OverflowError"
    case attributeError = "AttributeError"
    case typeError = "TypeError"
    case rangeError = "RangeError"
  }

  case accepts
  /// The sentence says at which step it gives up.
  case rejects(why: String)
  case fails(Failure, why: String)

  /// The word in files: `accept`, `reject` or `throws`.
  public var word: String {
    switch self {
    case .accepts: "accept"
    case .rejects: "reject"
    case .fails: "throws"
    }
  }

  /// One sentence for the user.
  public var sentence: String {
    switch self {
    case .accepts: "it accepts the delivery"
    case .rejects(let why): "it rejects the delivery: \(why)"
    case .fails(let failure, let why):
      "it ends in \(failure == .attributeError || failure == .overflowError ? "an" : "a") \(failure.rawValue): \(why)"
    }
  }
}
