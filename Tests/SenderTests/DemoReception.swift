import TestSupport
import Diagnosis
import Webhooks

@testable import Sender

/// A receiver without a network that has the demo's secrets: it keeps what comes, and says why it fails.
struct DemoReception {
  /// What became of one delivery.
  struct Outcome {
    let delivery: Delivery
    let diagnosis: Diagnosis
  }

  private(set) var deliveries: [Delivery] = []

  /// Takes `outgoing` at `arrival`, and diagnoses it among what came before.
  mutating func receive(_ outgoing: OutgoingDelivery, at arrival: Timestamp) -> Outcome {
    let request = outgoing.request
    let keyring = Support.demo.keyring
    let envelope = Envelope(reading: request)
    let verdict = Verifier(keyring: keyring).verify(request, provider: envelope.provider, at: arrival)
    let delivery = Delivery(
      sequence: UInt64(deliveries.count + 1), receivedAt: arrival, request: request, envelope: envelope,
      verdict: verdict, isDuplicate: false, attempt: 1,
      answer: Answer(status: verdict.status.isFailure ? 401 : 200, milliseconds: 1))
    deliveries.append(delivery)
    // The clock stands still: what is found may not hang on how fast the machine is.
    let budget = DiagnosisBudget.automatic { 0 }
    return Outcome(
      delivery: delivery,
      diagnosis: Diagnosis(
        of: DiagnosisSubject(delivery), keyring: keyring, neighbours: deliveries, budget: budget))
  }

  /// The outcome of `breakage` after all that it takes before; nil if the demo has no secret for it.
  static func outcome(of breakage: Breakage, event: String) -> Outcome? {
    let delivery = OutgoingDelivery(Support.sample(event))
    let provider = Providers.documented.of(delivery.headers)!
    guard let secret = Support.demo.secret(of: breakage.signer, for: provider) else { return nil }
    let signer = SampleSigner(secret, as: provider)
    guard let broken = breakage.applied(to: delivery, signer: signer, at: Support.now) else { return nil }
    var reception = DemoReception()
    let earlier = Support.now.adding(-60)
    switch breakage.prelude {
    case .none: break
    case .original: _ = reception.receive(signer.sign(delivery, at: earlier), at: earlier)
    case .itself: _ = reception.receive(broken, at: earlier)
    }
    return reception.receive(broken, at: Support.now)
  }

  /// The finding that should name the cause of `breakage`: the first one.
  ///
  /// That t is outside of the window is proven and comes first; what the neighbours say of it is likely.
  static func due(_ breakage: Breakage, in diagnosis: Diagnosis) -> Finding? {
    guard ["clock-replay-or-queue", "event-time"].contains(breakage.cause) else {
      return diagnosis.findings.first
    }
    guard diagnosis.findings.first?.id == "outside-window" else { return nil }
    return diagnosis.findings.dropFirst().first
  }

  /// Takes `count` deliveries of the demo's feed, each when its delay is over.
  static func outcomes(_ count: Int, seed: UInt64 = 42) -> [Outcome] {
    var reception = DemoReception()
    var feed = DemoFeed(secrets: Support.demo, seed: seed)
    var now = Support.now
    return (0..<count).map { _ in
      let step = feed.next(at: now)
      now = now.adding(step.delay)
      return reception.receive(step.delivery, at: now.adding(0.002))
    }
  }
}
