internal import JSON
public import Webhooks

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

  /// Signs the event's own time, so many seconds ago, as the body has it then.
  mutating func signAtEvent(secondsAgo: Int64) {
    let moment = Timestamp(seconds: Double(seconds - secondsAgo))
    let text = JSONFieldQuery([provider.createdAtPath]).fields(in: body)[0]?.string.map { Array($0) } ?? []
    let place = body.indices.first { !text.isEmpty && body[$0...].starts(with: text) }
    if let place { body.replaceSubrange(place..<place + text.count, with: moment.iso8601.utf8) }
    sign(secondsOff: -secondsAgo)
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

  /// Signs with a hash of the secret and the text, without HMAC.
  mutating func signPlainHash() {
    let scheme = provider.scheme
    let secret = scheme.key(of: secret.bytes) ?? secret.bytes
    write(PlainHash(scheme.digest).digest([secret] + text(at: now).parts))
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
