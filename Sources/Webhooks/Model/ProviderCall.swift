/// Something that a sender's own API can be asked for, about a webhook or an event of its.
public enum ProviderCall: String, Sendable, CaseIterable {
  case test, pause, resume, rotate
  /// The current state of what was pushed.
  case refetch
  /// The same event once more.
  case resend

  /// Whether it changes nothing at the sender's.
  public var isHarmless: Bool { self == .refetch }

  /// Whether it is about a webhook, by its id.
  public var isAboutWebhook: Bool {
    switch self {
    case .test, .pause, .resume, .rotate: true
    case .refetch, .resend: false
    }
  }

  /// Whether the sender's documentation has it; else only a sandbox is known to.
  public var isDocumented: Bool { self != .resend }
}
