public import JSON

/// A header of an unknown sender that looks like a signature, and the known senders who write theirs in that form.
public struct SignatureShape: Sendable {
  /// The name as sent.
  public let name: ByteString
  public let value: ByteString
  /// Those whose scheme can read it; who sends a token is none of them, since any text could be one.
  public let senders: [Provider]

  /// The likeliest header of a request; nil if none looks like a signature.
  ///
  /// The name decides before the form: an id may be as long as a digest.
  public init?(in headers: Headers, among providers: Providers) {
    let fields = headers.prefix(256).filter { $0.name.count <= 64 && $0.value.count <= 4096 }
    let named = fields.filter { Self.speaksOfSignature($0.name) }
    guard
      let field = named.first(where: { !Self.isTime($0.name) })
        ?? fields.first(where: { Self.isDigest($0.value) })
    else { return nil }
    name = field.name
    value = field.value.trimmingSpaces
    senders = providers.all.filter { [value] in Self.fits(value, $0.scheme) }
  }

  private static func fits(_ value: ByteString, _ scheme: SignatureScheme) -> Bool {
    guard scheme.kind != .token else { return false }
    let reading = SignatureReading(value, under: scheme)
    guard reading.fault == nil, reading.unusable == nil, reading.usableCount > 0 else { return false }
    // Nearly any text could be the base64 of one of ECDSA, which begins as a sequence in DER does.
    return scheme.kind != .ecdsaP256 || reading.values.first?.first == 0x30
  }

  private static func speaksOfSignature(_ name: ByteString) -> Bool {
    let letters = name.map(\.asciiLowercased)
    return ["signature", "hmac", "-sig", "digest"].contains { word in
      letters.indices.contains { letters[$0...].starts(with: word.utf8) }
    }
  }

  private static func isTime(_ name: ByteString) -> Bool {
    let letters = name.map(\.asciiLowercased)
    return letters.indices.contains { letters[$0...].starts(with: "time".utf8) }
  }

  /// Whether a text is a digest of SHA-1, SHA-256 or SHA-512 in hexadecimal and nothing else.
  private static func isDigest(_ value: ByteString) -> Bool {
    [40, 64, 128].contains(value.count) && value.allSatisfy { $0.hexDigit != nil }
  }

  /// Who writes it so: `GitHub does it`, or `Parlay, Stripe and 3 others do it`.
  public var words: String {
    let titles = senders.map(\.title)
    guard titles.count > 3 else { return titles.inSentence + (titles.count == 1 ? " does it" : " do it") }
    return "\(titles[0]), \(titles[1]) and \(titles.count - 2) others do it"
  }
}
