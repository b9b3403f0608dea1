internal import JSON

/// The keys of filter terms, `key:value`, and what may stand after each.
public enum FilterKey: String, Sendable, CaseIterable {
  case type, live, sig, provider, id, header, path, endpoint, time, age, size, answer, app, took, attempt,
    seq, src,
    cause

  /// The term that takes duplicates; a word without a value.
  public static let duplicate = "dup"
  /// The term that takes deliveries on which an app and the verdict disagree; a word without a value.
  public static let disagree = "disagree"
  /// The term that takes what the user has marked; a word without a value.
  public static let marked = "marked"

  /// What may stand after the key, in words that follow "expected".
  public var expectation: String {
    switch self {
    case .type: "an event type such as analysis.* (* and ? are wildcards), or - for none"
    case .live: "true, false or n/a"
    case .sig: "failed, ok, \(Verdict.Status.allCases.map(\.rawValue).joined(separator: ", ")) or future"
    case .provider: "a provider's name, or - for none"
    case .id: "an event or delivery id such as evt_*"
    case .header: "a header's name, alone or with =value"
    case .path: "a request target such as /hooks/* (* and ? are wildcards)"
    case .endpoint: "an endpoint's name (* and ? are wildcards), or - for none"
    case .time: "a time of arrival such as >18:02, 18:02-18:05 or 2026-11-21"
    case .age: "a number of seconds such as >300, or <5m, or >=2h"
    case .size: "a number of bytes such as >412, or >10k, or <1MB"
    case .answer: "a status such as 401, or a class such as 4xx"
    case .app: "the app's status such as 2xx, or refused, timeout, none"
    case .took: "how long the app took, such as >1s or <=200ms"
    case .attempt: "a number such as >1"
    case .seq: "a delivery's number such as >100"
    case .src: "wire, replay or file"
    case .cause: "a cause such as body-reserialised (* and ? are wildcards)"
    }
  }

  /// Whether the key's values are few and fixed, so that `live:true|n/a` can only mean two values.
  var hasFixedValues: Bool {
    switch self {
    case .live, .sig, .provider, .answer, .app, .src: true
    case .type, .id, .header, .path, .endpoint, .time, .age, .size, .took, .attempt, .seq, .cause: false
    }
  }

  /// The term that the key makes with `value`, or nil if that is no value for it.
  /// - Parameter zone: that of the times in it.
  func term(_ value: FilterWord, _ providers: Providers, _ zone: Zone) -> FilterTerm? {
    switch self {
    case .type: value.text == "-" && !value.hasQuotes ? .untyped : .type(Glob(value.text))
    case .live: Self.livemode(value.text.asciiLowercased).map(FilterTerm.live)
    case .sig: Self.signature(value.text.asciiLowercased)
    case .provider:
      value.text == "-" ? .provider(nil) : providers[value.text.asciiLowercased].map(FilterTerm.provider)
    case .id: .id(Glob(value.text))
    case .header: Self.header(value)
    case .path: .path(Glob(value.text))
    case .endpoint: .endpoint(value.text == "-" && !value.hasQuotes ? nil : Glob(value.text))
    case .time: (try? FilterTime(value.text, in: zone)).map(FilterTerm.time)
    case .age: FilterThreshold(value.text, units: FilterThreshold.timeUnits).map(FilterTerm.age)
    case .size: FilterThreshold(value.text, units: FilterThreshold.sizeUnits).map(FilterTerm.size)
    case .answer: StatusRange(Array(value.text.utf8)).map(FilterTerm.answer)
    case .app: AppQuestion(value.text).map(FilterTerm.app)
    case .took:
      FilterThreshold(value.text, units: FilterThreshold.shortTimeUnits, parts: 1000).map(FilterTerm.took)
    case .attempt: FilterThreshold(value.text, units: [:]).map(FilterTerm.attempt)
    case .seq: FilterThreshold(value.text, units: [:]).map(FilterTerm.sequence)
    case .src: DeliverySource(rawValue: value.text.asciiLowercased).map(FilterTerm.source)
    case .cause: .cause(Glob(value.text))
    }
  }

  /// The words of the list's column, and the names of the verdicts.
  private static func signature(_ text: String) -> FilterTerm? {
    switch text {
    case "failed": .failed
    case "ok": .status(.valid)
    case "future": .future
    default: Verdict.Status(rawValue: text).map(FilterTerm.status)
    }
  }

  private static func livemode(_ text: String) -> Livemode? {
    switch text {
    case "true": .live
    case "false": .test
    case "n/a": .notApplicable
    default: nil
    }
  }

  private static func header(_ word: FilterWord) -> FilterTerm? {
    let (name, value) = word.split(at: "=")
    guard !name.isEmpty else { return nil }
    return .header(name: name.asciiLowercased, value: value.map { Glob($0.text) })
  }
}
