public import Diagnosis
public import Webhooks

/// One way in which a delivery's signature goes wrong, made on purpose: a row of a table.
///
/// There is a row for every reason of a verdict that a sender can bring about, and one for every cause that
/// the diagnosis tells apart beyond that. `no-secret` is not one of them, since it is about the receiver: a
/// delivery of a provider without a secret shows it as it is.
public struct Breakage: Sendable {
  /// Whose secret signs.
  enum Signer: Sendable {
    case provider
    /// The provider's, but one that is out of use.
    case retired
    case otherProvider
    /// The provider's, as a sender has it that lost a part of it.
    case damaged
  }

  /// What has to be sent before.
  enum Prelude: Sendable {
    case none
    /// The same event, well signed.
    case original
    /// The same request, byte by byte.
    case itself
  }

  /// The name in options and on the screen: that of the verdict's reason, where the row stands for one, or
  /// else that of the cause.
  public let name: String
  /// One sentence on what is wrong with the delivery.
  public let sentence: String
  /// What a receiver with the right secret finds.
  public let reason: Verdict.Reason
  /// What the diagnosis comes to.
  public let cause: Cause.ID
  let signer: Signer
  let prelude: Prelude
  /// The provider whose secrets in the demo show the cause best; nil for either.
  let provider: Provider?
  private let apply: @Sendable (inout BrokenDraft) -> Void

  /// A row that stands for `reason`.
  init(
    _ reason: Verdict.Reason, _ cause: Cause.ID, _ sentence: String, provider: Provider? = nil,
    apply: @escaping @Sendable (inout BrokenDraft) -> Void
  ) {
    self.init(name: reason.rawValue, reason, cause, sentence, provider: provider, apply: apply)
  }

  /// A row that stands for `cause`.
  init(
    _ cause: Cause.ID, _ reason: Verdict.Reason, _ sentence: String, signer: Signer = .provider,
    prelude: Prelude = .none, provider: Provider? = nil,
    apply: @escaping @Sendable (inout BrokenDraft) -> Void = { _ in }
  ) {
    self.init(
      name: cause.rawValue, reason, cause, sentence, signer: signer, prelude: prelude, provider: provider,
      apply: apply)
  }

  private init(
    name: String, _ reason: Verdict.Reason, _ cause: Cause.ID, _ sentence: String,
    signer: Signer = .provider, prelude: Prelude = .none, provider: Provider?,
    apply: @escaping @Sendable (inout BrokenDraft) -> Void
  ) {
    self.name = name
    self.sentence = sentence
    self.reason = reason
    self.cause = cause
    self.signer = signer
    self.prelude = prelude
    self.provider = provider
    self.apply = apply
  }

  /// What the delivery says of itself in the demo, so that whoever reads it can follow.
  var note: String { "\(cause.rawValue): \(sentence)" }

  /// The delivery signed by `signer` at `now`, and then broken.
  public func applied(
    to delivery: OutgoingDelivery, signer: SampleSigner, at now: Timestamp
  ) -> OutgoingDelivery {
    var draft = BrokenDraft(delivery, signer: signer, at: now)
    apply(&draft)
    draft.delivery.label += " \(name)"
    return draft.result
  }
}

extension Breakage {
  /// Every breakage that one delivery and the provider's secret suffice for: one more is one more row.
  public static let all: [Breakage] = reasons + causes

  /// The breakage called `name` in options; the name of a cause stands for the first row that shows it.
  public static func named(_ name: String) -> Breakage? {
    all.first { $0.name == name } ?? all.first { $0.cause.rawValue == name }
  }
}
