/// Whether an event is about live data: a provider without the notion is neither live nor test.
public enum Livemode: String, Sendable, CaseIterable {
  case live, test
  case notApplicable = "n/a"

  /// The value in files: true, false, or null.
  public var flag: Bool? {
    switch self {
    case .live: true
    case .test: false
    case .notApplicable: nil
    }
  }

  public init(_ flag: Bool?) {
    self = flag.map { $0 ? .live : .test } ?? .notApplicable
  }
}
