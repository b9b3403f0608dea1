import TestSupport
import Testing

@testable import Diagnosis
@testable import Webhooks

/// Every way to break a delivery, for senders of any kind: it is named by the diagnosis, or can't be.
@Suite struct BreakagesOfSchemesTests {
  /// How many of the ways apply to each sender, and which do not.
  private static let table: [(OtherSender, applying: Int, others: Set<String>)] = [
    (.gitHub, 28, withoutTime.union(inPairs).union(withoutVersion)),
    (.shopify, 26, withoutTime.union(inPairs).union(withoutVersion).union(inDigits)),
    (.slack, 36, inPairs.union(withoutVersion)),
    // A header without an X, a key in base64, and a signature in it.
    (.standardWebhooks, 34, inPairs.union(inDigits).union(["no-signature-header", "not-a-secret"])),
    (.acme, 38, ["no-signature-header", "unreadable-timestamp", "v1-not-lowercase-hex"]),
  ]
  private static let withoutTime: Set = [
    "no-t", "t-not-canonical-decimal", "too-old", "in-future", "unreadable-timestamp", "time-shifted",
    "event-time",
    "clock-replay-or-queue",
  ]
  /// What only a header of pairs can have wrong.
  private static let inPairs: Set = ["part-without-equals", "space-around-key", "t-repeated"]
  /// What takes a signature that is called by a version, after another one.
  private static let withoutVersion: Set = ["no-v1", "tolerated-oddity"]
  /// What only hexadecimal digits can have wrong.
  private static let inDigits: Set = ["v1-not-64-hex", "v1-not-lowercase-hex"]

  private static let breakages = Breakage.all + Breakage.staged
  private static let now = Timestamp(seconds: 1_745_518_397)
  private static let body = Array(
    #"{"id":"evt_1","event":"order.paid","created_at":"2025-04-24T18:13:17Z","text":"Zoë <&> \u2028","count":3,"list":[1,{}]}"#
      .utf8)

  /// A sender, and a receiver that has its secrets.
  private struct Pair {
    let provider: Provider
    let providers: Providers
    let secret: SigningSecret
    let retired: SigningSecret
    let other: SigningSecret
    let apiKey: SigningSecret?

    init(_ sender: OtherSender) throws {
      provider = sender.provider
      providers = Providers([sender.provider, .parlay])
      secret = try SigningSecret(sender.secret, label: "new", provider: provider)
      retired = try SigningSecret(
        sender.old, label: "old", provider: provider, retiredAt: now.adding(seconds: -3600))
      other = try SigningSecret("whsec_b2YgcGFybGF5", label: "parlay", provider: .parlay)
      apiKey = try? SigningSecret("pk_live_0123456789", label: "key", provider: provider)
    }

    /// The secret as someone has it who changed it in one of the usual ways, so that it signs otherwise.
    private var damaged: SigningSecret? {
      let signature = secret.key.digest([body])
      return SecretChange.allCases.lazy.compactMap { change in
        change.applied(to: Array(sender.utf8), prefix: "").flatMap {
          try? SigningSecret(String(decoding: $0, as: UTF8.self), label: "damaged", provider: provider)
        }
      }.first { $0.key.digest([body]) != signature }
    }

    private var sender: String { String(decoding: secret.bytes, as: UTF8.self) }

    func signer(of breakage: Breakage) -> SigningSecret? {
      if breakage.receiver == .withAPIKey, apiKey == nil { return nil }
      return switch breakage.signer {
      case .provider: secret
      case .retired: retired
      case .otherProvider:
        try? SigningSecret(
          String(decoding: other.bytes, as: UTF8.self), label: "parlay", provider: provider)
      case .damaged: damaged
      }
    }

    func keyring(for breakage: Breakage) -> Keyring {
      Keyring(
        [secret, retired, other] + (breakage.receiver == .withAPIKey ? [apiKey].compactMap(\.self) : []))
    }
  }

  /// What becomes of one delivery; nil if it can't be broken so.
  private static func diagnosis(_ sender: OtherSender, _ breakage: Breakage) throws -> Diagnosis? {
    let pair = try Pair(sender)
    guard let signer = pair.signer(of: breakage) else { return nil }
    let headers: Headers = [.init("x-event", "order.paid"), .init("x-delivery", "msg_1")]
    let draft = SignedDraft(
      headers: headers, body: body, provider: pair.provider, secret: signer, now: now,
      providers: pair.providers)
    guard let broken = breakage.applied(to: draft) else { return nil }
    let keyring = pair.keyring(for: breakage)
    func received(_ draft: SignedDraft, _ sequence: UInt64, secondsAgo: Double) -> Delivery {
      let request = Request(headers: draft.signedHeaders, body: draft.body)
      let arrival = now.adding(seconds: -secondsAgo)
      let envelope = Envelope(reading: request, providers: pair.providers)
      return Delivery(
        sequence: sequence, receivedAt: arrival, request: request, envelope: envelope,
        verdict: Verifier(keyring: keyring).verify(request, provider: envelope.provider, at: arrival),
        isDuplicate: false, attempt: 1, answer: Answer(status: 401, milliseconds: 1))
    }
    let earlier: [Delivery] =
      switch breakage.prelude {
      case .none: []
      case .original: [received(draft, 1, secondsAgo: 60)]
      case .itself: [received(broken, 1, secondsAgo: 60)]
      }
    let delivery = received(broken, 2, secondsAgo: 0)
    #expect(delivery.verdict.status != .valid || breakage.reason == .ok)
    return Diagnosis(
      of: DiagnosisSubject(delivery, providers: pair.providers), keyring: keyring,
      neighbours: earlier + [delivery],
      budget: .automatic { 0 })
  }

  @Test("each way to break a delivery is named, or does not apply to the sender", arguments: table.indices)
  func named(index: Int) throws {
    let (sender, applying, others) = Self.table[index]
    var count = 0
    var notApplying: Set<String> = []
    for breakage in Self.breakages {
      guard let found = try Self.diagnosis(sender, breakage) else {
        notApplying.insert(breakage.name)
        continue
      }
      count += 1
      #expect(Self.names(breakage, found.findings), "\(breakage.name): \(found.findings)")
    }
    #expect(count == applying)
    #expect(count + notApplying.count == Self.breakages.count)
    // Senders that sign the URL are among the built-in ones.
    #expect(notApplying == others.union(["other-url"]))
  }
}

extension BreakagesOfSchemesTests {
  @Test(
    "a body that a breakage would not change can't be broken so",
    arguments: [
      ("values-changed", "no JSON"), ("truncated-body", ""), ("unknown", ""), ("empty-body", ""),
      ("header-body-disagree", "{}"), ("event-time", "{}"),
    ])
  func unchanged(name: String, body: String) throws {
    let pair = try Pair(.slack)
    let draft = SignedDraft(
      headers: [.init("x-event", "order.paid")], body: Array(body.utf8), provider: pair.provider,
      secret: pair.secret,
      now: Self.now, providers: pair.providers)
    #expect(try #require(Breakage.named(name)).applied(to: draft) == nil)
  }

  @Test(
    "what a format writes is taken apart and written again as it was",
    arguments: [
      "t={t},v1={hex}", "t={t}, v1={hex}", "at={t};h1={base64}", "sha256={hex}", "v1,{base64}", "{base64}",
    ])
  func parts(template: String) throws {
    let format = try #require(SignatureFormat(template, separator: template.hasPrefix("v1,") ? " " : nil))
    let value = format.written([UInt8](repeating: 0xFB, count: 32), time: Array("1745518397".utf8))
    let header = SignatureHeader(value, as: format)
    #expect(header.bytes == value)
    #expect((header.timeIndex != nil) == format.holdsTime && header.signatureIndex != nil)
  }

  /// Whether the cause of a breakage comes first, in front of what is only seen of the header.
  ///
  /// That the time is outside of the window is proven and comes first; what the neighbours and the body say of it is
  /// likely.
  private static func names(_ breakage: Breakage, _ findings: [Finding]) -> Bool {
    if ["clock-replay-or-queue", "event-time"].contains(breakage.cause) {
      return findings.first?.id == "outside-window" && findings.contains { $0.id == breakage.cause }
    }
    let others = findings.filter { $0.id != "malformed-header" || breakage.cause == "malformed-header" }
    return others.first?.id == breakage.cause
  }
}

extension Timestamp {
  fileprivate func adding(seconds: Double) -> Timestamp {
    Timestamp(microseconds: microseconds + Int64(seconds * 1e6))
  }
}
