import TestSupport
import Testing

@testable import Diagnosis
@testable import JSON
@testable import Webhooks

/// Every way to break a delivery, for each sender that hooktop comes with: it is named by the diagnosis as surely as it
/// can be, or there is a reason why it can't happen to that sender.
@Suite struct BreakagesOfBuiltInTests {
  private static let breakages = Breakage.all + Breakage.staged
  private static let now = Timestamp(seconds: 1_745_518_397)

  /// Why some of the ways can't happen to some senders.
  private struct Exclusion: Sendable {
    let reason: String
    let names: Set<String>
    let isMeant: @Sendable (Provider) -> Bool

    init(_ reason: String, _ names: Set<String>, _ isMeant: @escaping @Sendable (Provider) -> Bool) {
      (self.reason, self.names, self.isMeant) = (reason, names, isMeant)
    }
  }

  private static let exclusions = [
    Exclusion(
      "a token signs neither body nor time",
      Set(breakages.filter { !ofToken.contains($0.name) }.map(\.name))
    ) { $0.scheme.kind == .token },
    Exclusion("a public key makes no digest, and no other one can be mixed up with it", ofHMAC) {
      $0.scheme.kind.isOneWay
    },
    Exclusion("no time is signed", ofTime.union(inHeaderTime)) { $0.scheme.time == .nowhere },
    Exclusion("the time is in the body, and is sent with it", inHeaderTime) { $0.scheme.timeIsInBody },
    Exclusion("the header has no named parts", ["part-without-equals", "space-around-key", "t-repeated"]) {
      !$0.scheme.format.holdsTime
    },
    Exclusion("the scheme itself writes blanks", ["space-around-key"]) {
      $0.scheme.format.template.contains(", ")
    },
    Exclusion("no older signature has a name", ["no-v1"]) { $0.scheme.format.olderNames.isEmpty },
    Exclusion("its own header is called as any other may be", ["signature-in-other-header"]) {
      Providers.isCommon(ByteString($0.signatureHeader))
    },
    Exclusion("the time is not part of the signed text", ["time-shifted"]) { !$0.scheme.text.usesTime },
    Exclusion("there is neither a time nor an id that could be signed", ["other-signed-text"]) {
      $0.scheme.text.template == "{body}" && $0.deliveryHeader.isEmpty
    },
    Exclusion("only one signature may stand there", ["tolerated-oddity"]) {
      $0.scheme.format.olderNames.isEmpty || $0.scheme.format.separator == nil
    },
    Exclusion("the signature has no digits", ["v1-not-64-hex", "v1-not-lowercase-hex"]) {
      $0.scheme.format.encoding == .base64
    },
    Exclusion("a SHA-1 has 40 digits", ["v1-not-64-hex"]) { $0.scheme.digest == .sha1 },
    Exclusion("the future is not refused", ["in-future"]) { !$0.scheme.refusesFuture },
    Exclusion("the time is in milliseconds, or may lie ahead", ["unreadable-timestamp"]) {
      $0.scheme.timeUnit != .seconds || !$0.scheme.refusesFuture
    },
    Exclusion("the header has no X- to lose", ["no-signature-header"]) {
      !$0.signatureHeader.lowercased().hasPrefix("x-")
    },
    Exclusion("no URL is signed", ["other-url"]) { !$0.scheme.text.usesURL },
    Exclusion("the event is named in one place only", ["header-body-disagree"]) {
      $0.eventHeader.isEmpty || $0.eventPath.isEmpty
    },
    Exclusion("the body says no time of the event that is signed", ["event-time"]) {
      $0.createdAtPath.isEmpty || $0.scheme.time == .nowhere
    },
    Exclusion(
      "a date is no number that can be written otherwise", ["t-not-canonical-decimal", "time-shifted"]
    ) {
      $0.scheme.timeUnit == .date
    },
    Exclusion("what is no key is refused before it is used", ["not-a-secret"]) {
      if case .utf8 = $0.scheme.keyForm { false } else { true }
    },
  ]

  private static let ofToken: Set = [
    "no-header", "no-signature-header", "signature-in-other-header", "header-empty", "header-repeated",
    "no-v1-matches", "retired-secret", "other-secret", "damaged-secret", "not-a-secret",
  ]
  private static let ofHMAC: Set = [
    "digest-form", "roles-exchanged", "computed-otherwise", "v1-not-64-hex", "v1-not-lowercase-hex",
    "other-secret", "damaged-secret", "not-a-secret", "other-provider",
  ]
  private static let ofTime: Set = [
    "too-old", "in-future", "unreadable-timestamp", "time-shifted", "event-time", "clock-replay-or-queue",
  ]
  private static let inHeaderTime: Set = ["no-t", "t-not-canonical-decimal", "unreadable-timestamp"]

  /// How surely a cause is found.
  private static func level(_ breakage: Breakage, _ scheme: SignatureScheme) -> Cause.Level {
    switch breakage.cause {
    // There are too many milliseconds to try them all.
    case "unreadable-timestamp" where breakage.name == "no-t" && scheme.timeUnit != .seconds: .seen
    case "no-signature-header" where breakage.name == "no-signature-header": .proven
    case "tolerated-oddity" where breakage.reason == .ok: .seen
    case "no-signature-header", "malformed-header", "truncated-body", "header-body-disagree", "empty-body":
      .seen
    case "clock-replay-or-queue", "event-time", "wrong-secret": .likely
    case "unknown": .unknown
    default: .proven
    }
  }

  @Test(
    "each way to break a delivery of each sender is named, or has a reason not to happen",
    arguments: Providers.builtIn.all)
  func named(provider: Provider) throws {
    let bench = try Bench(provider, now: Self.now)
    var notApplying: Set<String> = []
    for breakage in Self.breakages where !bench.isUntold(breakage) {
      guard let found = try bench.diagnosis(breakage) else {
        notApplying.insert(breakage.name)
        continue
      }
      let finding = Self.finding(of: breakage, in: found.findings)
      #expect(
        finding.map { bench.causes(of: breakage).contains($0.id) } == true,
        "\(provider.name) \(breakage.name): \(found.findings.map { "\($0.id.rawValue) \($0.level) \($0.detail)" })"
      )
      let isLevel =
        finding?.level == Self.level(breakage, provider.scheme) || breakage.cause == "not-a-secret"
      #expect(isLevel, "\(provider.name) \(breakage.name): \(finding?.level as Any)")
      for finding in found.findings where breakage.cause != "other-provider" { bench.expectFit(finding) }
    }
    let due = Self.exclusions.filter { $0.isMeant(provider) }.reduce(into: Set<String>()) {
      $0.formUnion($1.names)
    }
    #expect(notApplying.subtracting(due) == [], "\(provider.name): can't be done")
    #expect(due.subtracting(notApplying) == [], "\(provider.name): can be done")
  }

  /// The finding that a breakage should lead to, where it comes as early as it can.
  private static func finding(of breakage: Breakage, in findings: [Finding]) -> Finding? {
    if ["clock-replay-or-queue", "event-time"].contains(breakage.cause) {
      return findings.first?.id == "outside-window"
        ? findings.first { $0.id == breakage.cause } : findings.first
    }
    return findings.first { $0.id != "malformed-header" || breakage.cause == "malformed-header" }
  }
}

/// A sender with its keys, and a receiver that has what verifies.
private struct Bench {
  let provider: Provider
  private let secret: SigningSecret
  private let retired: SigningSecret
  private let other: SigningSecret
  private let masked: SigningSecret?
  private let keys: [PrivateKey]
  private let body: [UInt8]
  private let headers: Headers
  private let now: Timestamp

  init(_ provider: Provider, now: Timestamp) throws {
    self.provider = provider
    self.now = now
    let kind = provider.scheme.kind
    keys = kind.isOneWay ? [PrivateKey(for: kind), PrivateKey(for: kind)] : []
    let texts = keys.isEmpty ? ["new", "old"].map { Self.secret($0, provider) } : keys.map(\.publicText)
    secret = try SigningSecret(texts[0], label: "new", provider: provider)
    retired = try SigningSecret(
      texts[1], label: "old", provider: provider, retiredAt: now.adding(seconds: -3600))
    let stranger = try #require([Provider.parlay, .parable].first { $0 != provider })
    other = try SigningSecret("whsec_b2YgcGFybGF5", label: stranger.name, provider: stranger)
    masked = try? SigningSecret("abcd****", label: "masked", provider: provider)
    let sample = provider.samples.last ?? Self.sample(of: provider)
    body = sample.body(id: "8pQ2", at: now, isLive: true)
    var fields = [Headers.Field("Host", "hooks.example.test")]
    if !provider.eventHeader.isEmpty { fields.append(Headers.Field(provider.eventHeader, sample.event)) }
    for name in Set([provider.deliveryHeader, provider.eventIDHeader]) where !name.isEmpty {
      fields.append(Headers.Field(name, "msg_1"))
    }
    headers = Headers(fields)
  }

  /// A body for a sender whose samples stand elsewhere.
  private static func sample(of provider: Provider) -> ProviderSample {
    let time = provider.createdAtPath.joined()
    return ProviderSample(
      "analysis.completed",
      #"{"id":"evt_$id","event":"analysis.completed","delivery_id":"msg_1","\#(time)":"$date","text":"Zoë <&> \u2028","count":3,"list":[1,{}]}"#
    )
  }

  /// A secret in the form that the scheme asks for.
  private static func secret(_ name: String, _ provider: Provider) -> String {
    let text = Array("A secret of \(provider.name), \(name)".utf8)
    return switch provider.scheme.keyForm {
    case .utf8: (provider.secretPrefix ?? "") + Hex.text(text)
    case .base64(let prefix): prefix + String(decoding: Base64.encoded(text), as: UTF8.self)
    case .hex(let prefix): prefix + Hex.text(text)
    }
  }

  private func signer(of breakage: Breakage) -> SigningSecret? {
    if breakage.receiver == .withAPIKey, masked == nil { return nil }
    let isOneWay = provider.scheme.kind.isOneWay
    return switch breakage.signer {
    case .provider: secret
    case .retired: retired
    case .otherProvider:
      isOneWay
        ? nil
        : try? SigningSecret(String(decoding: other.bytes, as: UTF8.self), label: "other", provider: provider)
    case .damaged: isOneWay ? nil : damaged
    }
  }

  /// The secret as someone has it who changed it in one of the usual ways, so that it signs otherwise.
  private var damaged: SigningSecret? {
    let signature = secret.key.digest([body])
    return [SecretChange.withoutPrefix, .uppercased, .base64Encoded].lazy.compactMap { change in
      change.applied(to: secret.bytes, prefix: provider.secretPrefix ?? "").flatMap {
        try? SigningSecret(String(decoding: $0, as: UTF8.self), label: "damaged", provider: provider)
      }
    }.first { $0.key.digest([body]) != signature }
  }

  /// What becomes of one delivery; nil if it can't be broken so.
  func diagnosis(_ breakage: Breakage) throws -> Diagnosis? {
    guard let signing = signer(of: breakage) else { return nil }
    let key = breakage.signer == .retired ? keys.last : keys.first
    var signer: SignedDraft.Signer?
    if let key { signer = { key.signature(of: $0) } }
    let draft = SignedDraft(
      headers: headers, body: body, provider: provider, secret: signing, now: now, providers: .builtIn,
      signer: signer)
    guard let broken = breakage.applied(to: draft) else { return nil }
    let keyring = Keyring(
      [secret, retired, other] + (breakage.receiver == .withAPIKey ? [masked].compactMap(\.self) : []))
    let earlier: [Delivery] =
      switch breakage.prelude {
      case .none: []
      case .original: [received(draft, 1, secondsAgo: 2, keyring)]
      case .itself: [received(broken, 1, secondsAgo: 60, keyring)]
      }
    let delivery = received(broken, 2, secondsAgo: 0, keyring)
    #expect(delivery.verdict.status != .valid || breakage.reason == .ok, "\(provider.name) \(breakage.name)")
    return Diagnosis(
      of: DiagnosisSubject(delivery, providers: .builtIn), keyring: keyring, neighbours: earlier + [delivery],
      // What nothing reproduces is not worth more here: the reach of a search has tests of its own.
      budget: DiagnosisBudget(
        candidates: Self.fruitless.contains(breakage.cause) ? 250 : 2500, nanoseconds: .max
      ) { 0 })
  }

  /// What no candidate proves.
  private static let fruitless: Set<Cause.ID> = [
    "wrong-secret", "unknown", "not-a-secret", "truncated-body", "header-body-disagree", "empty-body",
  ]

  private func received(
    _ draft: SignedDraft, _ sequence: UInt64, secondsAgo: Double, _ keyring: Keyring
  ) -> Delivery {
    let request = Request(headers: draft.signedHeaders, body: draft.body)
    let arrival = now.adding(seconds: -secondsAgo)
    let judged = Verifier(keyring: keyring).judge(request, among: .builtIn, at: arrival)
    return Delivery(
      sequence: sequence, receivedAt: arrival, request: request, envelope: judged.envelope,
      verdict: judged.verdict, isDuplicate: false, attempt: 1, answer: Answer(status: 401, milliseconds: 1))
  }

  /// Whether nobody can tell the cause: where nothing but the signature's header says whose delivery it is, or none of
  /// its ids says which other delivery it repeats.
  func isUntold(_ breakage: Breakage) -> Bool {
    switch breakage.cause {
    case "other-provider":
      return provider.scheme.kind == .hmac && provider.eventHeader.isEmpty && provider.deliveryHeader.isEmpty
    case "edited-in-transit":
      let envelope = Envelope(reading: Request(headers: headers, body: body), of: provider)
      return provider.scheme.kind != .token && envelope.eventID == nil && envelope.deliveryID == nil
    default: return false
    }
  }

  /// The causes that explain a breakage: a last digit may be a counter that was raised.
  func causes(of breakage: Breakage) -> Set<Cause.ID> {
    breakage.cause == "edited-in-transit" ? [breakage.cause, "values-changed"] : [breakage.cause]
  }

  /// That a finding speaks of nothing that the sender's scheme has not, and shows no secret.
  func expectFit(_ finding: Finding) {
    let words = finding.title + "\n" + finding.detail + "\n" + finding.remedy
    for secret in [secret, retired, other] {
      #expect(!words.contains(String(decoding: secret.bytes, as: UTF8.self)), "\(words)")
    }
    guard !provider.scheme.format.template.contains(/t=|v1/) else { return }
    #expect(!words.contains(/\bv1\b/) || finding.id == "tolerated-oddity", "\(provider.name): \(words)")
    #expect(!words.contains(/\bt is\b|\bt=/), "\(provider.name): \(words)")
  }
}

extension SignatureScheme {
  fileprivate var timeIsInBody: Bool { if case .body = time { true } else { false } }
}

extension Timestamp {
  fileprivate func adding(seconds: Double) -> Timestamp {
    Timestamp(microseconds: microseconds + Int64(seconds * 1e6))
  }
}
