internal import JSON
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

  /// The result of a trial, for its delivery and for all others.
  public struct Outcome: Sendable, Equatable {
    /// nil if the body can't have been as it is supposed to be.
    public var verdict: Verdict?
    /// How many deliveries of the provider failed on arrival; of an unchecked one, how many were unchecked.
    public var failed = 0
    /// How many of those the trial would verify.
    public var verified = 0
  }

  /// Carries the trial out on `delivery`, and on each of `others` of the provider that failed on arrival, or was
  /// unchecked where `delivery` was.
  /// - Parameter isCancelled: checked after each delivery; once it returns true, the result is incomplete.
  public func outcome(
    for delivery: Delivery, others: any Kindred, keyring: Keyring, isCancelled: () -> Bool = { false }
  ) -> Outcome {
    let provider = secret?.provider ?? delivery.envelope.provider
    let verifier = Verifier(keyring: secret.map { Keyring([$0]) } ?? keyring, tolerance: tolerance)
    var outcome = Outcome()
    outcome.verdict = verdict(on: delivery, provider, verifier)
    let isUnchecked = delivery.verdict.status == .unchecked
    others.walk { other in
      let status = other.verdict.status
      guard other.envelope.provider == provider, isUnchecked ? status == .unchecked : status.isFailure,
        other.isReadable
      else { return !isCancelled() }
      outcome.failed += 1
      if verdict(on: other, provider, verifier)?.status == .valid { outcome.verified += 1 }
      return !isCancelled()
    }
    return outcome
  }

  private func verdict(on delivery: Delivery, _ provider: Provider?, _ verifier: Verifier) -> Verdict? {
    guard let body = variant.applied(to: delivery.request.body) else { return nil }
    var request = delivery.request
    request.body = body
    let arrival = Timestamp(seconds: delivery.receivedAt.seconds + clockShift)
    return verifier.verify(
      request, provider: provider, endpoint: secret == nil ? delivery.endpoint : nil,
      at: clockShift == 0 ? delivery.receivedAt : arrival)
  }
}

/// A body as it may have been before something on the way changed it, to be tried by hand.
public struct BodyVariant: Sendable, Equatable {
  private enum Change: Sendable, Equatable {
    case none
    case edge(EdgeChange)
    case spacing(Int)
    case charset(CharsetDamage)
  }

  private let change: Change

  /// Every variant, the body as received first.
  public static let all: [BodyVariant] =
    [BodyVariant(change: .none)]
    + EdgeChange.allCases.map { BodyVariant(change: .edge($0)) }
    + JSONSpacing.all.indices.map { BodyVariant(change: .spacing($0)) }
    + CharsetDamage.allCases.map { BodyVariant(change: .charset($0)) }

  public static let asReceived = all[0]

  /// The variant `steps` further in `all`, around its ends, counting only those that `body` can have been.
  ///
  /// Takes as long as `body` is large, since each variant on the way is worked out, once.
  /// - Parameter isCancelled: checked before each variant; once it returns true, the result is incomplete.
  public func moved(
    by steps: Int, for body: [UInt8], isCancelled: () -> Bool = { false }
  ) -> BodyVariant {
    let count = Self.all.count
    var index = Self.all.firstIndex(of: self) ?? 0
    var fitting: [Int: Bool] = [:]
    func fits(_ index: Int) -> Bool {
      let fits = fitting[index] ?? (Self.all[index].applied(to: body) != nil)
      fitting[index] = fits
      return fits
    }
    for _ in 0..<abs(steps) {
      // The body as received always fits, so that this ends.
      repeat { index = (index + steps.signum() + count) % count } while !isCancelled() && !fits(index)
    }
    return Self.all[index]
  }

  /// What is supposed about the body, in a few words.
  public var title: String {
    switch change {
    case .none: "as received"
    case .edge(let change): "it \(change.words)"
    case .spacing(let index): "re-serialised from: \(JSONSpacing.all[index].name)"
    case .charset(let damage): "it \(damage.words)"
    }
  }

  /// The body that is supposed to have been signed; nil if the change can't have happened to `body`, or undoing it
  /// would take too much memory.
  public func applied(to body: [UInt8]) -> [UInt8]? {
    switch change {
    case .none: return body
    case .edge(let change): return change.undone(body)
    case .charset(let damage): return (try? damage.undone(body, limit: SearchMemory.byHand.candidate)) ?? nil
    case .spacing(let index):
      return Reserialisations.written(body, in: JSONStyle(spacing: JSONSpacing.all[index], order: .asSent))
    }
  }
}
