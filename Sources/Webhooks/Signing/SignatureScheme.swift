internal import JSON

/// How a sender signs its requests, as data: where the signature stands, how it is written, and what is signed.
///
/// The verifier reads requests by it, the signer writes them by it, and both build the signed text by it, so that
/// a new sender is a value and no code.
public struct SignatureScheme: Sendable, Equatable {
  /// What a signature is.
  public enum Kind: String, Sendable, CaseIterable, Decodable {
    /// An HMAC of the text, which the secret keys.
    case hmac
    /// The secret itself, sent as it stands; nothing is signed.
    case token
    /// Made with a private key; what verifies it is a public key, given as the secret.
    case ed25519
    case ecdsaP256 = "ecdsa-p256"

    /// Whether only the sender can sign: a receiver holds a public key.
    public var isOneWay: Bool { self == .ed25519 || self == .ecdsaP256 }
  }

  /// A hash function for HMAC.
  public enum Digest: String, Sendable, CaseIterable, Decodable {
    case sha256, sha1, sha512, sha384, md5
    case sha3 = "sha3-256"
    case sha3Long = "sha3-512"

    /// The size of a signature in bytes.
    public var size: Int {
      switch self {
      case .md5: 16
      case .sha1: 20
      case .sha256, .sha3: 32
      case .sha384: 48
      case .sha512, .sha3Long: 64
      }
    }
  }

  /// How the bytes of the key come from the secret as it was handed over.
  public enum KeyForm: Sendable, Equatable {
    /// The whole text as UTF-8.
    case utf8
    /// What base64 stands for, after a prefix that is taken off where it is there.
    case base64(after: String)
    /// What hexadecimal digits stand for, after a prefix that is taken off where it is there.
    case hex(after: String)

    /// What is taken off in front; empty if nothing is.
    public var prefix: String {
      switch self {
      case .utf8: ""
      case .base64(let prefix), .hex(let prefix): prefix
      }
    }
  }

  /// Where the time that is signed stands.
  public enum TimeSource: Sendable, Equatable {
    /// No time is signed, so a replay can't be told from a new request.
    case nowhere
    /// In the signature header, where its format says `{t}`.
    case signature
    /// In a header by one of these names, which mean the same; the first is the one that is written.
    case headers([String])
    /// At a path of the body, from the outermost object inwards.
    case body([String])
  }

  /// The unit of a time.
  public enum TimeUnit: String, Sendable, Decodable {
    case seconds = "s"
    case milliseconds = "ms"
    /// A date and time of ISO 8601, signed as it stands.
    case date = "iso8601"

    /// How many of the unit a second has; a date is counted in seconds once it is read.
    public var perSecond: Int64 { self == .milliseconds ? 1000 : 1 }
  }

  public let kind: Kind
  /// The names of the header that holds the signature; the first is the one that is written.
  public let headers: [String]
  public let format: SignatureFormat
  /// What is signed.
  public let text: SignedTextTemplate
  public let digest: Digest
  public let keyForm: KeyForm
  public let time: TimeSource
  public let timeUnit: TimeUnit
  /// How far the time may lie from the arrival in seconds; nil if the user's tolerance counts.
  public let window: Double?
  /// Whether a time in the future is refused as one in the past is.
  public let refusesFuture: Bool
  /// The names of the header that holds the id that is signed; empty if none is.
  public let idHeaders: [String]
  /// Whether the header may hold more than one signature, of which any may match.
  public let takesSeveral: Bool
  /// Where the receiver is reached, for texts that hold the URL.
  public var address = PublicAddress.received(isSecure: false)
  /// Looks up the time in the body, where it stands there; made once, since each delivery is asked.
  let bodyTime: BodyTime?

  /// - Parameter time: where none is given, the time stands where `format` says `{t}`, else nowhere.
  public init(
    _ kind: Kind = .hmac, headers: [String], format: SignatureFormat, text: SignedTextTemplate,
    digest: Digest = .sha256, keyForm: KeyForm? = nil, time: TimeSource? = nil, timeUnit: TimeUnit = .seconds,
    window: Double? = nil, refusesFuture: Bool = true, idHeaders: [String] = [], takesSeveral: Bool = true
  ) {
    self.kind = kind
    self.headers = headers
    self.format = format
    self.text = text
    self.digest = digest
    self.keyForm = keyForm ?? kind.usualKeyForm
    self.time = time ?? (format.holdsTime ? .signature : .nowhere)
    self.timeUnit = timeUnit
    self.window = window
    self.refusesFuture = refusesFuture
    self.idHeaders = idHeaders
    self.takesSeveral = takesSeveral
    bodyTime = if case .body(let path)? = time { BodyTime(path) } else { nil }
  }

  /// The name of the header that the signature is written to.
  public var header: String { headers.first ?? "" }

  /// The signature header with dots for what changes, as an example on a command line.
  public var headerExample: String { "\(header): \(format.template.replacing(/\{\w+\}/, with: "..."))" }

  /// Returns the bytes that key the HMAC, or nil if the secret is not in the form that the scheme asks for.
  public func key(of secret: [UInt8]) -> [UInt8]? {
    switch keyForm {
    case .utf8: secret
    case .base64(let prefix): Base64.decoded(Self.padded(Self.without(prefix, secret)).span)
    case .hex(let prefix): Hex.decoded(Self.without(prefix, secret))
    }
  }

  private static func without(_ prefix: String, _ secret: [UInt8]) -> [UInt8] {
    secret.starts(with: prefix.utf8) ? Array(secret.dropFirst(prefix.utf8.count)) : secret
  }

  /// The digits with the padding that some senders leave out.
  private static func padded(_ digits: [UInt8]) -> [UInt8] {
    digits.last == UInt8(ascii: "=")
      ? digits : digits + repeatElement(UInt8(ascii: "="), count: (4 - digits.count % 4) % 4)
  }
}

extension SignatureScheme {
  /// Returns what was signed if `reading` is right: the one text that is verified, searched for, shown and signed.
  public func text(_ reading: SignatureReading, body: [UInt8]) -> SignedText {
    text.filled(
      time: reading.timeText ?? [], id: reading.id ?? [], body: body, url: reading.url, method: reading.method
    )
  }

  /// Returns the header fields that sign `body` with `key`: the signature, and the time and id where they have fields
  /// of their own, or nil if libcrypto could not make the signature.
  /// - Parameters:
  ///   - time: the text of the time, as it is to be signed.
  ///   - id: the delivery's id, for schemes that sign it.
  ///   - url: what it is posted to, for schemes that sign it.
  public func sign(
    _ body: [UInt8], with key: MACKey, time: [UInt8], id: [UInt8] = [], url: [UInt8] = []
  ) -> [Headers.Field]? {
    let text = text.filled(time: time, id: id, body: body, url: url, method: Array("POST".utf8))
    return key.digest(text.parts).map { fields(with: $0, time: time, id: id) }
  }

  /// The header fields that carry a signature, and the time and id where they have fields of their own.
  public func fields(with signature: [UInt8], time: [UInt8], id: [UInt8]) -> [Headers.Field] {
    var fields: [Headers.Field] = []
    if let name = idHeaders.first { fields.append(Headers.Field(ByteString(name), ByteString(id))) }
    if case .headers(let names) = self.time, let name = names.first {
      fields.append(Headers.Field(ByteString(name), ByteString(time)))
    }
    let value = format.written(signature, time: time)
    return fields + [Headers.Field(ByteString(header), ByteString(value))]
  }

  /// Returns the text of a moment, as the scheme's time is written.
  public func timeText(at moment: Timestamp) -> [UInt8] {
    let text =
      timeUnit == .date
      ? moment.iso8601 : String(moment.microseconds / (1_000_000 / timeUnit.perSecond))
    return Array(text.utf8)
  }
}

extension SignatureScheme {
  /// Returns whether `other` writes the same signature of the same text, if under another header's name.
  public func signsAlike(_ other: SignatureScheme) -> Bool {
    kind == other.kind && format == other.format && text == other.text && digest == other.digest
      && keyForm == other.keyForm
      && time == other.time && timeUnit == other.timeUnit && idHeaders == other.idHeaders
  }

  /// Whether a time may be `age` seconds old where it may lie `window` seconds from the arrival.
  func takes(age: Double, within window: Double) -> Bool {
    age <= window && (!refusesFuture || age >= -window)
  }
}

extension SignatureScheme.Kind {
  /// How public keys are written: those of ed25519 in hexadecimal, others as DER in base64.
  fileprivate var usualKeyForm: SignatureScheme.KeyForm {
    switch self {
    case .hmac, .token: .utf8
    case .ed25519: .hex(after: "")
    case .ecdsaP256: .base64(after: "")
    }
  }
}

extension SignatureScheme {
  /// A path of the body where the time stands, and the search for it.
  struct BodyTime: Sendable, Equatable {
    private let path: [String]
    private let query: JSONFieldQuery

    init(_ path: [String]) {
      self.path = path
      query = JSONFieldQuery([path])
    }

    /// Returns the text of the string or number there.
    func text(in body: [UInt8]) -> ByteString? {
      switch query.fields(in: body)[0] {
      case .string(let text)?, .number(let text)?: text
      default: nil
      }
    }

    static func == (left: BodyTime, right: BodyTime) -> Bool { left.path == right.path }
  }
}

extension SignatureScheme {
  /// The scheme that Parlay and Parable share: unix seconds and the hexadecimal HMAC-SHA256 of them, a dot and the
  /// body, as Stripe writes them, too.
  static func timeAndBody(in header: String) -> SignatureScheme {
    SignatureScheme(headers: [header], format: .timeAndHex, text: .timeAndBody)
  }

  /// The HMAC of the body alone.
  static func bodyAlone(
    in header: String, _ format: SignatureFormat, digest: Digest = .sha256
  ) -> SignatureScheme {
    SignatureScheme(headers: [header], format: format, text: .body, digest: digest, takesSeveral: false)
  }
}
