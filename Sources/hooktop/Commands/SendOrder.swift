internal import ArgumentParser
internal import JSON
internal import Receiver
internal import Sender
internal import Diagnosis
internal import Webhooks

/// What `send` is to make: of which kind, signed with what, broken how.
struct SendOrder: Sendable {
  private enum Content: Sendable {
    case sample(SampleKind, SampleOptions)
    case body([UInt8], event: String?)
  }

  private let provider: Provider
  private let providers: Providers
  private let content: Content
  private let secret: SigningSecret
  private let breakage: Breakage?
  /// What it is posted to.
  let url: String

  /// Works out the order from the command line.
  /// - Throws: `ValidationError` for what does not go together, and what reading secrets and files throws.
  init(_ command: Send, _ setup: Setup) throws {
    let providers = setup.providers
    let named = try command.provider?.provider(among: providers)
    let secretsGiven = try command.secrets.named(in: setup)
    let body = try command.body.map {
      try FileStream($0).readToEnd(atMost: HTTPServer.Limits().bodiesInFlight)
    }
    let event = command.event ?? body.flatMap { Self.event(of: $0, providers) }
    let kind = event.flatMap { SampleCatalogue.kind($0, of: named, among: providers) }
    url = command.to.signedURL
    provider = try Self.provider(command, kind, named)
    content = try body.map { .body($0, event: event) } ?? Self.sample(command, kind, provider)
    self.providers = providers
    breakage = command.breakage.flatMap(Breakage.named)
    try SendError.requireSigning(as: provider)
    let secrets = try secretsGiven.load(for: provider, orFrom: try? .ofUser())
    guard let secret = secrets.keyring.secrets.first else { throw SendError.noSecret(provider) }
    self.secret = secret
    if let breakage, broken(unsigned(seed: 0, now: .now()), at: .now()) == nil {
      throw ValidationError(
        "--break \(breakage.name) can't be done to this delivery of \(provider.title): choose another way.")
    }
    if let note = secrets.noteOnSigning(as: provider) { Console.say(note) }
  }

  private static func provider(
    _ command: Send, _ kind: SampleKind?, _ named: Provider?
  ) throws -> Provider {
    if kind == nil, let event = command.event, let named, command.body == nil,
      let other = SampleCatalogue.kind(event)
    {
      throw ValidationError("\(event) is an event of \(other.provider.title), not of \(named.title).")
    }
    let provider = named ?? kind?.provider ?? SampleCatalogue.usual.provider
    if command.live, !provider.hasLivemode {
      throw ValidationError("\(provider.title) has no live mode: leave --live out.")
    }
    return provider
  }

  private static func sample(_ command: Send, _ kind: SampleKind?, _ provider: Provider) throws -> Content {
    guard let kind = command.event == nil ? SampleCatalogue.usual(of: provider) : kind else {
      throw ValidationError(
        "There is no sample of \(command.event ?? "it") of \(provider.title): \(Self.words(of: provider)), and --body sends your own."
      )
    }
    return .sample(kind, SampleOptions(livemode: command.live))
  }

  /// Which samples there are.
  private static func words(of provider: Provider) -> String {
    let events = SampleCatalogue.kinds(of: provider).map(\.event)
    return events.isEmpty ? "it has none" : "it has \(events.joined(separator: ", "))"
  }

  /// The event that a body names, where it can stand in a header.
  private static func event(of body: [UInt8], _ providers: Providers) -> String? {
    let event = Envelope(reading: Request(headers: Headers(), body: body), providers: providers).event
    return event.flatMap { !$0.isEmpty && $0.allSatisfy { 0x21...0x7E ~= $0 } ? $0.text : nil }
  }

  /// One delivery, with ids of its own, signed now.
  func delivery(seed: UInt64) -> OutgoingDelivery {
    let now = Timestamp.now()
    let delivery = unsigned(seed: seed, now: now)
    return broken(delivery, at: now) ?? signer.sign(delivery, at: now)
  }

  /// Whether an app has answered a challenge as its sender wants that; nil where a delivery is none.
  func isMet(_ delivery: OutgoingDelivery, by answer: PostAnswer) -> Bool? {
    guard breakage == nil else { return nil }
    return secret.challengeAnswer(to: delivery.body).map { $0.isMet(by: answer.status, answer.body) }
  }

  /// What the sender would say to an answer beside its status; empty where that is all it looks at.
  func words(on delivery: OutgoingDelivery, _ answer: PostAnswer) -> String {
    switch isMet(delivery, by: answer) {
    case true?: ", as \(provider.title) wants its challenge answered"
    case false? where answer.isAccepted:
      ", but not with what \(provider.title) wants as the answer to its challenge"
    case false?, nil: ""
    }
  }

  /// What a receiver reads of a delivery beside its signature.
  func envelope(of delivery: OutgoingDelivery) -> Envelope {
    Envelope(reading: delivery.request, of: provider)
  }

  /// The delivery broken as asked for; nil if nothing is, or its scheme or its body does not allow it.
  private func broken(_ delivery: OutgoingDelivery, at now: Timestamp) -> OutgoingDelivery? {
    breakage?.applied(to: delivery, signer: signer, at: now, among: providers)
  }

  private var signer: SampleSigner { SampleSigner(secret, as: provider, url: url) }

  private func unsigned(seed: UInt64, now: Timestamp) -> OutgoingDelivery {
    var random = SplitMix64(seed: seed)
    switch content {
    case .sample(let kind, let options):
      return OutgoingDelivery(kind.sample(options, now: now, using: &random))
    case .body(let bytes, let event):
      return OutgoingDelivery(provider: provider, event: event, deliveryID: random.uuid(), body: bytes)
    }
  }
}

/// Why nothing can be sent.
enum SendError: Error, CustomStringConvertible {
  case noSecret(Provider)
  case noCertificate(path: String)
  /// Only the sender has the private key.
  case oneWay(Provider)

  /// - Throws: `oneWay` where nobody but the sender can sign.
  static func requireSigning(as provider: Provider) throws(SendError) {
    if provider.scheme.kind.isOneWay { throw .oneWay(provider) }
  }

  var description: String {
    switch self {
    case .noSecret(let provider):
      "no signing secret for \(provider.name): give --secret \(provider.name)=env:VAR, or set \(provider.secretVariables.first ?? provider.secretVariable)"
    case .oneWay(let provider):
      "\(provider.title) signs with a private key that only \(provider.title) has, so nothing can be sent as it: record a delivery, and use hooktop replay"
    case .noCertificate(let path): "\(path) holds no certificate in PEM: give --cacert the receiver's own"
    }
  }
}
