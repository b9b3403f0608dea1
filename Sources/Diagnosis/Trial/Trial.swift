public import Webhooks

/// A what-if about a failed delivery: another secret, tolerance, clock or body, beside the verdict of arrival.
public struct Trial: Sendable {
  /// The secret to try in place of those that are known; nil tries the known ones.
  public var secret: SigningSecret?
  /// How far `t` may lie from the arrival, in seconds.
  public var tolerance: Double
  /// How far this machine's clock is supposed to have been off, in seconds.
  public var clockShift: Double
  public var variant: BodyVariant

  public init(
    secret: SigningSecret? = nil, tolerance: Double = 300, clockShift: Double = 0,
    variant: BodyVariant = .asReceived
  ) {
    self.secret = secret
    self.tolerance = tolerance
    self.clockShift = clockShift
    self.variant = variant
  }

  /// What a trial comes to, for the delivery it is about and for all others.
  public struct Outcome: Sendable, Equatable {
    /// nil where the body can't have been as it is supposed to be.
    public var verdict: Verdict?
    /// How many deliveries of the provider failed on arrival; of an unchecked one, how many were unchecked.
    public var failed = 0
    /// How many of those the trial would verify.
    public var verified = 0
  }

  /// Carries the trial out on `delivery`, and on each of `others` of the provider that failed on arrival, or was
  /// unchecked where `delivery` was.
  public func outcome(for delivery: Delivery, others: [Delivery], keyring: Keyring) -> Outcome {
    let provider = secret?.provider ?? delivery.envelope.provider
    let verifier = Verifier(keyring: secret.map { Keyring([$0]) } ?? keyring, tolerance: tolerance)
    var outcome = Outcome()
    outcome.verdict = verdict(on: delivery, provider, verifier)
    let isUnchecked = delivery.verdict.status == .unchecked
    for other in others where other.envelope.provider == provider {
      let status = other.verdict.status
      guard isUnchecked ? status == .unchecked : status.isFailure else { continue }
      outcome.failed += 1
      if verdict(on: other, provider, verifier)?.status == .valid { outcome.verified += 1 }
    }
    return outcome
  }

  private func verdict(on delivery: Delivery, _ provider: Provider?, _ verifier: Verifier) -> Verdict? {
    guard let body = variant.applied(to: delivery.request.body) else { return nil }
    var request = delivery.request
    request.body = body
    let arrival = Timestamp(seconds: delivery.receivedAt.seconds + clockShift)
    return verifier.verify(request, provider: provider, at: clockShift == 0 ? delivery.receivedAt : arrival)
  }
}
