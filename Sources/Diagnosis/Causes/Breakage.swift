public import Webhooks

/// One way in which a delivery's signature goes wrong, made on purpose.
///
/// There is one for every reason of a verdict that a sender can bring about, and one for every cause that the
/// diagnosis tells apart beyond that. `no-secret` is not among them, since it is about the receiver: a delivery of
/// a provider without a secret shows it as it is.
public struct Breakage: Sendable {
  /// Whose secret signs.
  public enum Signer: Sendable {
    case provider
    /// The provider's, but one that is out of use.
    case retired
    case otherProvider
    /// The provider's, as a sender has it that lost a part of it.
    case damaged
  }

  /// What the receiver has as secrets of the provider.
  public enum Receiver: Sendable {
    case any
    /// Only signing secrets: with an API key present, the diagnosis would report that key.
    case secretsOnly
    case withAPIKey
  }

  /// What has to be sent before.
  public enum Prelude: Sendable {
    case none
    /// The same event, well signed.
    case original
    /// The same request, byte by byte.
    case itself
  }

  /// The name in options and on the screen: that of the verdict's reason, where it stands for one, or else that of
  /// the cause.
  public private(set) var name: String
  /// What is wrong with the delivery, with the names of the provider's own in braces.
  private let words: String
  /// What a receiver with the right secret finds in a header of pairs; other formats have names of their own for it.
  public let reason: Verdict.Reason
  /// The cause that the diagnosis should report.
  public private(set) var cause = Cause.ID.unknown
  public let signer: Signer
  public let prelude: Prelude
  public let receiver: Receiver
  /// Whether the demo alone can show it: it takes other secrets, or a delivery before.
  let isStaged: Bool
  /// Whether only a scheme that signs the URL can be broken so.
  public private(set) var isOfURL = false
  private let change: @Sendable (inout SignedDraft) throws -> Void

  private init(
    _ name: String, _ reason: Verdict.Reason, _ sentence: String, signer: Signer = .provider,
    prelude: Prelude = .none, receiver: Receiver, isStaged: Bool = false,
    change: @escaping @Sendable (inout SignedDraft) throws -> Void
  ) {
    self.name = name
    words = sentence
    self.reason = reason
    self.signer = signer
    self.prelude = prelude
    self.receiver = receiver
    self.isStaged = isStaged
    self.change = change
  }

  /// A breakage that stands for `reason`.
  static func reason(
    _ reason: Verdict.Reason, _ sentence: String, receiver: Receiver = .any,
    change: @escaping @Sendable (inout SignedDraft) throws -> Void
  ) -> Breakage {
    Breakage(reason.rawValue, reason, sentence, receiver: receiver, change: change)
  }

  /// A breakage that stands for its cause.
  static func cause(
    _ reason: Verdict.Reason, _ sentence: String, receiver: Receiver = .any,
    change: @escaping @Sendable (inout SignedDraft) throws -> Void
  ) -> Breakage {
    Breakage("", reason, sentence, receiver: receiver, change: change)
  }

  /// A breakage that stands for its cause, of schemes that sign the URL.
  static func ofURL(
    _ reason: Verdict.Reason, _ sentence: String,
    change: @escaping @Sendable (inout SignedDraft) throws -> Void
  ) -> Breakage {
    var breakage = cause(reason, sentence, change: change)
    breakage.isOfURL = true
    return breakage
  }

  /// A breakage that stands for its cause, and that the demo alone can show.
  static func staged(
    _ reason: Verdict.Reason, _ sentence: String, signer: Signer = .provider, prelude: Prelude = .none,
    receiver: Receiver = .any, change: @escaping @Sendable (inout SignedDraft) throws -> Void = { _ in }
  ) -> Breakage {
    Breakage(
      "", reason, sentence, signer: signer, prelude: prelude, receiver: receiver, isStaged: true,
      change: change)
  }

  /// The same, as one that shows `cause`.
  func showing(_ cause: Cause.ID) -> Breakage {
    var breakage = self
    breakage.cause = cause
    if name.isEmpty { breakage.name = cause.rawValue }
    return breakage
  }

  /// One sentence on what is wrong with a delivery of the provider.
  public func sentence(for provider: Provider) -> String {
    let scheme = provider.scheme
    let names = [
      ("{time}", scheme.timeWords), ("{signature}", scheme.signatureWords),
      ("{older}", scheme.format.olderNames.first?.name ?? "of another version"),
      ("{prefix}", provider.secretPrefix ?? scheme.keyForm.prefix),
    ]
    return names.reduce(words) { $0.replacing($1.0, with: $1.1) }
  }

  /// Breaks a well-signed delivery. Returns nil if its scheme or its body can't be broken this way: without a time,
  /// nothing is stale.
  public func applied(to draft: SignedDraft) -> SignedDraft? { draft.changed(by: change) }
}

extension Breakage {
  private static let every = Cause.all.flatMap(\.breakages)

  /// One for each reason of a verdict, in the order of the reasons.
  public static let reasons = Verdict.Reason.allCases.flatMap { reason in
    every.filter { $0.name == reason.rawValue }
  }

  /// One for each cause that no reason of a verdict stands for, and that one delivery suffices for.
  public static let causes = every.filter { $0.name == $0.cause.rawValue && !$0.isStaged }

  /// Those that the demo alone can show: with other secrets, and then with a delivery before.
  public static let staged = [true, false].flatMap { isAlone in
    every.filter { $0.isStaged && ($0.prelude == .none) == isAlone }
  }

  /// Every breakage that one delivery and the provider's secret suffice for.
  public static let all = reasons + causes

  /// The breakage called `name` in options; the name of a cause stands for the first one that shows it.
  public static func named(_ name: String) -> Breakage? {
    all.first { $0.name == name } ?? all.first { $0.cause.rawValue == name }
  }
}
