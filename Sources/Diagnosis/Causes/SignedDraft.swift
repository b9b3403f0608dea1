internal import JSON
public import Webhooks

/// Says that a delivery can't be broken in some way, by its scheme or its body: what signs no time can't be stale.
struct NotApplicable: Error {}

/// A signed delivery on the bench: the parts of it that a breakage may change before it is sent.
public struct SignedDraft: Sendable {
  /// The headers but for the signature.
  public internal(set) var headers: Headers
  public private(set) var body: [UInt8]
  /// The name of the header that the signature is sent in.
  var signatureHeader: String
  /// The values of the signature header, one for each line of it.
  var signatures: [[UInt8]] = []
  /// The moment of signing.
  public let now: Timestamp
  let provider: Provider
  /// Another provider that is known.
  let otherProvider: Provider?
  let secret: SigningSecret
  /// What it is posted to, for schemes that sign it.
  private let url: [UInt8]
  /// Signs in place of the secret, for a scheme of which the secret is a public key.
  private let signer: Signer?

  /// Makes the signature of a text; nil if it can't be made.
  public typealias Signer = @Sendable (_ text: [UInt8]) -> [UInt8]?

  /// A delivery of `provider` that `secret` signs at `now`; a signature that it has is taken out.
  /// - Parameters:
  ///   - url: what it is posted to; nil: what the headers say.
  ///   - signer: whoever has the private key, for schemes of which a receiver has the public one.
  public init(
    headers: Headers, body: [UInt8], provider: Provider, secret: SigningSecret, now: Timestamp,
    providers: Providers, url: [UInt8]? = nil, signer: Signer? = nil
  ) {
    self.signer = signer
    self.url = url ?? provider.scheme.address.url(of: Request(headers: headers, body: body))
    let names = provider.scheme.headers
    self.headers = Headers(headers.filter { old in !names.contains { old.name.equalsIgnoringASCIICase($0) } })
    self.body = body
    self.provider = provider
    self.secret = secret
    self.now = now
    otherProvider = providers.all.first { $0 != provider }
    signatureHeader = provider.signatureHeader
    sign(time: provider.scheme.timeText(at: now))
  }

  /// The headers with the signature as the last of them.
  public var signedHeaders: Headers {
    Headers(
      Array(headers)
        + signatures.map { Headers.Field(ByteString(signatureHeader), ByteString($0)) })
  }

  /// The draft after a change; nil if its scheme or its body does not allow it.
  func changed(by change: (inout SignedDraft) throws -> Void) -> SignedDraft? {
    guard !scheme.kind.isOneWay || signer != nil else { return nil }
    var draft = self
    do {
      try change(&draft)
      return draft
    } catch {
      return nil
    }
  }

  var scheme: SignatureScheme { provider.scheme }

  private var id: [UInt8] { headers.first(provider.deliveryHeader).map { Array($0) } ?? [] }

  /// What is signed at a moment.
  func text(at moment: Timestamp) -> SignedText {
    scheme.text.filled(
      time: scheme.timeText(at: moment), id: id, body: body, url: url, method: Self.method)
  }

  private static let method = Array("POST".utf8)

  /// Puts `damage` on the body after it was signed.
  mutating func damage(_ damage: ([UInt8]) -> [UInt8]?) throws {
    try requireSigning()
    guard let damaged = damage(body), damaged != body else { throw NotApplicable() }
    body = damaged
  }

  /// Adds a member to the document, and signs it so.
  mutating func add(member: String) throws {
    guard let end = body.lastIndex(of: UInt8(ascii: "}")),
      JSONOutline(body)?.tokens.first?.kind == .beginObject
    else { throw NotApplicable() }
    let isEmpty = JSONOutline(body)?.tokens.count == 2
    body.replaceSubrange(end..<end, with: ((isEmpty ? "" : ",") + member).utf8)
    sign(time: scheme.timeText(at: now))
  }

  /// Gives the header `name` another value, in its place.
  mutating func set(_ name: String, to value: some Sequence<UInt8>) {
    put(Headers.Field(ByteString(name), ByteString(value)))
  }

  /// Throws for a token, which is right whatever the body is.
  func requireSigning() throws {
    if scheme.kind == .token { throw NotApplicable() }
  }

  /// Throws for all but HMAC: nothing else has a key that can be mixed up with the text.
  func requireHMAC() throws {
    if scheme.kind != .hmac { throw NotApplicable() }
  }

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

  /// Sends the event's name in its header otherwise than in the body.
  mutating func nameAnotherEvent() throws {
    let said = JSONFieldQuery([provider.eventPath]).fields(in: body)[0]?.string
    guard let said, !provider.eventHeader.isEmpty else { throw NotApplicable() }
    let other = provider.events.first { !said.elementsEqual($0.utf8) } ?? "ping"
    set(provider.eventHeader, to: other.utf8)
  }
}

// What is signed, and when.
extension SignedDraft {
  /// Signs the body as if the clock were so many seconds off.
  mutating func sign(secondsOff offset: Int64) throws {
    guard scheme.time != .nowhere, offset < 0 || scheme.refusesFuture else { throw NotApplicable() }
    let time = scheme.timeText(at: moment(after: offset))
    if case .body(let path) = scheme.time { try replace(path, with: time) }
    sign(time: time)
  }

  /// Signs the time with more behind its digits.
  mutating func sign(timeAnd more: String) throws {
    switch scheme.time {
    case .signature, .headers: break
    case .nowhere, .body: throw NotApplicable()
    }
    guard scheme.timeUnit != .date else { throw NotApplicable() }
    sign(time: scheme.timeText(at: now) + Array(more.utf8))
  }

  /// Signs the time in milliseconds although the scheme has seconds.
  mutating func signInMilliseconds() throws {
    guard scheme.timeUnit == .seconds, scheme.refusesFuture else { throw NotApplicable() }
    try sign(timeAnd: "482")
  }

  /// Signs another text than the body, which is sent all the same.
  mutating func sign(instead text: [UInt8]?) throws {
    try requireSigning()
    guard let text else { throw NotApplicable() }
    sign(time: scheme.timeText(at: now), text)
  }

  /// Signs the body as it is now.
  mutating func sign() { sign(time: scheme.timeText(at: now)) }

  private mutating func sign(time: [UInt8], _ text: [UInt8]? = nil) {
    var fields = self.fields(signing: text ?? body, time: time)
    signatures = fields.popLast().map { [Array($0.value)] } ?? []
    for field in fields { put(field) }
  }

  private func fields(signing text: [UInt8], time: [UInt8]) -> [Headers.Field] {
    guard let signer else { return secret.fields(signing: text, time: time, id: id, url: url, under: scheme) }
    let parts = scheme.text.filled(time: time, id: id, body: text, url: url, method: Self.method).parts
    return signer(Array(parts.joined())).map { scheme.fields(with: $0, time: time, id: id) } ?? []
  }

  /// The signature of a text: the secret itself where that is the token.
  func code(of parts: [[UInt8]]) -> [UInt8]? {
    if let signer { return signer(Array(parts.joined())) }
    return scheme.kind == .token ? secret.bytes : secret.key.digest(parts)
  }

  private func moment(after seconds: Int64) -> Timestamp {
    Timestamp(microseconds: now.microseconds + seconds * 1_000_000)
  }

  /// Signs the event's own time, so many seconds ago, as the body has it then.
  mutating func signAtEvent(secondsAgo: Int64) throws {
    let seconds = now.microseconds / 1_000_000 - secondsAgo
    let text: String
    switch JSONFieldQuery([provider.createdAtPath]).fields(in: body)[0] {
    case .string?: text = Timestamp(seconds: Double(seconds)).iso8601
    case .number(let old)?: text = String(old.count == 13 ? seconds * 1000 : seconds)
    default: throw NotApplicable()
    }
    try replace(provider.createdAtPath, with: Array(text.utf8))
    try sign(secondsOff: -secondsAgo)
  }

  /// Puts `text` in place of the string or number at a path of the body.
  mutating func replace(_ path: [String], with text: [UInt8]) throws {
    let old: ByteString
    switch JSONFieldQuery([path]).fields(in: body)[0] {
    case .string(let found)?, .number(let found)?: old = found
    default: throw NotApplicable()
    }
    let place = body.indices.first { !old.isEmpty && body[$0...].starts(with: old) }
    guard let place else { throw NotApplicable() }
    body.replaceSubrange(place..<place + old.count, with: text)
  }
}

// A signature of another text than the scheme's, or one that is computed in another way.
extension SignedDraft {
  /// Signs with a code that no secret makes of the body: it is that of another text.
  mutating func signUnrelated() { write(unrelatedMAC) }

  /// A code that no secret makes of what is sent.
  var unrelatedMAC: [UInt8]? {
    let text = [Array("unrelated to \(now.microseconds / 1_000_000).".utf8), body]
    guard scheme.kind == .token else { return code(of: text) }
    return secret.key.digest(text).map { Array(Hex.text($0).utf8) }
  }

  /// Adds the delivery's id to the signed text, or removes it if the scheme has it.
  mutating func signAnotherText() throws {
    try requireSigning()
    let texts = ["{id}.{t}.{body}", "{id}.{body}", "{t}.{body}", "{t}{body}", "{body}"].compactMap {
      SignedTextTemplate($0)
    }
    let other = texts.first {
      $0.template != scheme.text.template && $0.usesTime == scheme.text.usesTime && !($0.usesID && id.isEmpty)
    }
    guard let other else { throw NotApplicable() }
    write(code(of: other.filled(time: scheme.timeText(at: now), id: id, body: body, url: url).parts))
  }

  /// Signs the URL with the other protocol than it is posted by.
  mutating func signOtherURL() throws {
    guard scheme.text.usesURL else { throw NotApplicable() }
    let isSecure = url.starts(with: "https:".utf8)
    guard let colon = url.firstIndex(of: UInt8(ascii: ":")) else { throw NotApplicable() }
    let other = Array((isSecure ? "http" : "https").utf8) + url[colon...]
    let text = scheme.text.filled(
      time: scheme.timeText(at: now), id: id, body: body, url: other, method: Self.method)
    write(code(of: text.parts))
  }

  /// Signs a time that is so many seconds later than the one that is sent.
  mutating func signShifted(by seconds: Int64) throws {
    guard scheme.text.usesTime, scheme.timeUnit != .date else { throw NotApplicable() }
    write(code(of: text(at: moment(after: seconds)).parts))
  }

  /// Signs the secret with the text as the key.
  mutating func signExchanged() throws {
    try requireHMAC()
    guard let key = MACKey(Array(text(at: now).parts.joined()), digest: scheme.digest) else { return }
    write(key.digest([scheme.key(of: secret.bytes) ?? secret.bytes]))
  }

  /// Signs with a hash of the secret and the text, without HMAC.
  mutating func signPlainHash() throws {
    try requireHMAC()
    let secret = scheme.key(of: secret.bytes) ?? secret.bytes
    write(PlainHash(scheme.digest).digest([secret] + text(at: now).parts))
  }

  /// Writes the signature header as the provider does, with the time of signing, or removes it if there is no MAC.
  mutating func write(_ mac: [UInt8]?) {
    signatures = mac.map { [scheme.format.written($0, time: scheme.timeText(at: now))] } ?? []
  }
}
