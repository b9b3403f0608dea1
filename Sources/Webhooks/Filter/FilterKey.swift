internal import JSON

/// The keys of filter terms, `key:value`, and what may stand after each.
public enum FilterKey: String, Sendable, CaseIterable {
  case type, live, sig, provider, id, header, age, size, answer, attempt

  /// The term that takes duplicates; a word without a value.
  public static let duplicate = "dup"

  /// What may stand after the key, in words that follow "expected".
  public var expectation: String {
    switch self {
    case .type: "an event type such as analysis.* (* and ? stand for other characters)"
    case .live: "true, false or n/a"
    case .sig: "failed, \(Verdict.Status.allCases.map(\.rawValue).joined(separator: ", "))"
    case .provider: "\(Provider.all.map(\.name).joined(separator: ", ")), or - for none"
    case .id: "an event or delivery id such as evt_*"
    case .header: "a header's name, alone or with =value"
    case .age: "a number of seconds such as >300, or <5m, or >=2h"
    case .size: "a number of bytes such as >412, or >10k, or <1M"
    case .answer: "a status such as 401, or a class such as 4xx"
    case .attempt: "a number such as >1"
    }
  }

  /// Whether the key's values are few and fixed, so that `live:true|n/a` can only mean two values.
  var hasFixedValues: Bool {
    switch self {
    case .live, .sig, .provider, .answer: true
    case .type, .id, .header, .age, .size, .attempt: false
    }
  }

  /// The term that the key makes with `value`, or nil where that is no value for it.
  func term(_ value: FilterWord) -> FilterTerm? {
    switch self {
    case .type: .type(Glob(value.text))
    case .live: Self.livemode(value.text).map(FilterTerm.live)
    case .sig: value.text == "failed" ? .failed : Verdict.Status(rawValue: value.text).map(FilterTerm.status)
    case .provider: value.text == "-" ? .provider(nil) : Provider.named(value.text).map(FilterTerm.provider)
    case .id: .id(Glob(value.text))
    case .header: Self.header(value)
    case .age: FilterThreshold(value.text, units: FilterThreshold.timeUnits).map(FilterTerm.age)
    case .size: FilterThreshold(value.text, units: FilterThreshold.sizeUnits).map(FilterTerm.size)
    case .answer: Self.answer(Array(value.text.utf8))
    case .attempt: FilterThreshold(value.text, units: [:]).map(FilterTerm.attempt)
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

  private static func answer(_ text: [UInt8]) -> FilterTerm? {
    let digits = text.prefix { (0x30...0x39).contains($0) }.map { Int($0 - 0x30) }
    guard text.count == 3, let hundreds = digits.first, (1...5).contains(hundreds) else { return nil }
    if digits.count == 3 { return .answer(status: digits.reduce(0) { $0 * 10 + $1 }) }
    let isClass = text.dropFirst().allSatisfy { $0.asciiLowercased == UInt8(ascii: "x") }
    return isClass ? .answerClass(hundreds: hundreds) : nil
  }
}
