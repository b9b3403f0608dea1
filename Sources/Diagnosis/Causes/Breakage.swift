internal import JSON
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
  /// One sentence on what is wrong with the delivery.
  public let sentence: String
  /// What a receiver with the right secret finds.
  public let reason: Verdict.Reason
  /// What the diagnosis comes to.
  public private(set) var cause: Cause.ID = "unknown"
  public let signer: Signer
  public let prelude: Prelude
  /// The provider whose secrets in the demo show the cause best; nil for either.
  public let provider: Provider?
  /// Whether the demo alone can show it: it takes other secrets, or a delivery before.
  let isStaged: Bool
  private let change: @Sendable (inout SignedDraft) -> Void

  private init(
    _ name: String, _ reason: Verdict.Reason, _ sentence: String, signer: Signer = .provider,
    prelude: Prelude = .none, provider: Provider?, isStaged: Bool = false,
    change: @escaping @Sendable (inout SignedDraft) -> Void
  ) {
    self.name = name
    self.sentence = sentence
    self.reason = reason
    self.signer = signer
    self.prelude = prelude
    self.provider = provider
    self.isStaged = isStaged
    self.change = change
  }

  /// A breakage that stands for `reason`.
  static func reason(
    _ reason: Verdict.Reason, _ sentence: String, provider: Provider? = nil,
    change: @escaping @Sendable (inout SignedDraft) -> Void
  ) -> Breakage {
    Breakage(reason.rawValue, reason, sentence, provider: provider, change: change)
  }

  /// A breakage that stands for its cause.
  static func cause(
    _ reason: Verdict.Reason, _ sentence: String, provider: Provider? = nil,
    change: @escaping @Sendable (inout SignedDraft) -> Void
  ) -> Breakage {
    Breakage("", reason, sentence, provider: provider, change: change)
  }

  /// A breakage that stands for its cause, and that the demo alone can show.
  static func staged(
    _ reason: Verdict.Reason, _ sentence: String, signer: Signer = .provider, prelude: Prelude = .none,
    provider: Provider? = nil, change: @escaping @Sendable (inout SignedDraft) -> Void = { _ in }
  ) -> Breakage {
    Breakage(
      "", reason, sentence, signer: signer, prelude: prelude, provider: provider, isStaged: true,
      change: change)
  }

  /// The same, as one that shows `cause`.
  func showing(_ cause: Cause.ID) -> Breakage {
    var breakage = self
    breakage.cause = cause
    if name.isEmpty { breakage.name = cause.rawValue }
    return breakage
  }

  /// Breaks a delivery that is well signed.
  public func apply(to draft: inout SignedDraft) { change(&draft) }
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

/// A signed delivery on the bench: the parts of it that a breakage may change before it is sent.
public struct SignedDraft: Sendable {
  /// The headers but for the signature.
  public private(set) var headers: Headers
  public private(set) var body: [UInt8]
  /// The name of the header that the signature is sent in.
  var signatureHeader: String
  /// The values of the signature header, one for each line of it.
  var signatures: [String] = []
  /// The moment of signing.
  let now: Timestamp
  let provider: Provider
  /// Another provider that is known.
  let otherProvider: Provider?
  private let secret: SigningSecret

  /// A delivery of `provider` that `secret` signs at `now`; a signature that it has is taken out.
  public init(
    headers: Headers, body: [UInt8], provider: Provider, secret: SigningSecret, now: Timestamp,
    providers: Providers
  ) {
    let names = provider.scheme.headers
    self.headers = Headers(headers.filter { old in !names.contains { old.name.equalsIgnoringASCIICase($0) } })
    self.body = body
    self.provider = provider
    self.secret = secret
    self.now = now
    otherProvider = providers.all.first { $0 != provider }
    signatureHeader = provider.signatureHeader
    sign()
  }

  /// The headers with the signature as the last of them.
  public var signedHeaders: Headers {
    Headers(Array(headers) + signatures.map { Headers.Field(signatureHeader, $0) })
  }

  /// The moment of signing in unix seconds.
  var seconds: Int64 { now.microseconds / 1_000_000 }

  /// Signs the body as if the clock were so many seconds off.
  mutating func sign(secondsOff offset: Int64 = 0) {
    let moment = Timestamp(microseconds: now.microseconds + offset * 1_000_000)
    sign(time: provider.scheme.timeText(at: moment))
  }

  /// Signs the text of `t` as it is given, whatever it is.
  mutating func sign(t: String) { sign(time: Array(t.utf8)) }

  /// Signs another text than the body, which is sent all the same.
  mutating func sign(instead text: [UInt8]) { sign(time: provider.scheme.timeText(at: now), text) }

  private mutating func sign(time: [UInt8], _ text: [UInt8]? = nil) {
    var fields = secret.fields(signing: text ?? body, time: time, id: id, under: provider.scheme)
    signatures = fields.popLast().map { [$0.value.text] } ?? []
    for field in fields { put(field) }
  }

  private var id: [UInt8] { headers.first(provider.deliveryHeader).map { Array($0) } ?? [] }

  /// A well-formed signature that no secret makes of `t` and the body: it is one of another text.
  var unrelatedDigits: String { Hex.text(unrelatedMAC ?? []) }

  mutating func signUnrelated() { write(unrelatedMAC) }

  private var unrelatedMAC: [UInt8]? { secret.key.digest([Array("unrelated to \(seconds).".utf8), body]) }

  /// Signs the delivery's id as well, in front of the time, as Standard Webhooks does.
  mutating func signWithID() {
    guard let text = SignedTextTemplate("{id}.{t}.{body}") else { return }
    let time = provider.scheme.timeText(at: now)
    write(secret.key.digest(text.filled(time: time, id: id, body: body).parts))
  }

  /// Signs a time that is so many seconds later than the one that is sent.
  mutating func signShifted(by seconds: Int64) {
    let moment = Timestamp(microseconds: now.microseconds + seconds * 1_000_000)
    write(secret.key.digest(text(at: moment).parts))
  }

  /// Signs the secret with the text as the key.
  mutating func signExchanged() {
    let scheme = provider.scheme
    guard let key = MACKey(Array(text(at: now).parts.joined()), digest: scheme.digest) else { return }
    write(key.digest([scheme.key(of: secret.bytes) ?? secret.bytes]))
  }

  /// What is signed at a moment.
  private func text(at moment: Timestamp) -> SignedText {
    let scheme = provider.scheme
    return scheme.text.filled(time: scheme.timeText(at: moment), id: id, body: body)
  }

  /// Writes the signature header as the provider does, with the time of signing; takes it out where there is no code.
  private mutating func write(_ mac: [UInt8]?) {
    let (format, time) = (provider.scheme.format, provider.scheme.timeText(at: now))
    signatures = mac.map { [String(decoding: format.written($0, time: time), as: UTF8.self)] } ?? []
  }

  /// Writes the signature header in another way.
  mutating func rewrite(_ change: (String) -> String) {
    signatures = signatures.map(change)
  }

  /// Puts `damage` on the body after it was signed; leaves it as it is where that can't be.
  mutating func damage(_ damage: ([UInt8]) -> [UInt8]?) {
    body = damage(body) ?? body
  }

  /// Gives the header `name` another value, in its place.
  mutating func set(_ name: String, to value: String) { put(Headers.Field(name, value)) }

  private mutating func put(_ field: Headers.Field) {
    guard headers.contains(where: { $0.name.equalsIgnoringASCIICase(field.name.text) }) else {
      headers = Headers(Array(headers) + [field])
      return
    }
    headers = Headers(
      headers.map {
        $0.name.equalsIgnoringASCIICase(field.name.text) ? Headers.Field($0.name, field.value) : $0
      })
  }
}
