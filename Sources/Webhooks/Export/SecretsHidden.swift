internal import JSON

/// Hides the signing secrets in what leaves the program: some senders send theirs along, and mistakes do.
extension Keyring {
  /// What stands in a secret's place.
  private static let mask = Array("[secret]".utf8)
  /// A shorter one stands in texts of its own accord, in bytes.
  private static let leastLength = 6

  /// The text without any of the secrets, retired ones neither.
  public func hidingSecrets(in text: [UInt8]) -> [UInt8] {
    // A secret may be part of another one.
    let all = secrets.filter { $0.bytes.count >= Self.leastLength }.flatMap(\.spellings)
      .sorted { $0.count > $1.count }
    return all.reduce(text) { $0.substituting($1, with: Self.mask) ?? $0 }
  }

  /// The request without any of the secrets, nor that of a provider who sends it along, be it known or not.
  public func hidingSecrets(in request: Request, of provider: Provider? = nil) -> Request {
    let tokens = provider?.tokenHeaders ?? []
    guard !secrets.isEmpty || !tokens.isEmpty else { return request }
    var hidden = request
    hidden.target = hidingSecrets(in: request.target)
    hidden.headers = hidingSecrets(in: request.headers, tokens: tokens)
    hidden.body = hidingSecrets(in: request.body)
    return hidden
  }

  /// The delivery without any of the secrets, in its request and in what was read of that.
  public func hidingSecrets(in delivery: Delivery) -> Delivery {
    let request = hidingSecrets(in: delivery.request, of: delivery.envelope.provider)
    var envelope = delivery.envelope
    envelope.event = envelope.event.map(hidingSecrets)
    envelope.eventID = envelope.eventID.map(hidingSecrets)
    envelope.deliveryID = envelope.deliveryID.map(hidingSecrets)
    return delivery.with(request: request, envelope: envelope)
  }

  /// The exchange without any of the secrets, which an app that is being written may well print.
  public func hidingSecrets(in exchange: Exchange) -> Exchange {
    guard !secrets.isEmpty else { return exchange }
    var hidden = exchange
    hidden.url = String(decoding: hidingSecrets(in: Array(exchange.url.utf8)), as: UTF8.self)
    if let response = exchange.response {
      hidden.response?.headers = hidingSecrets(in: response.headers, tokens: [])
      hidden.response?.body = hidingSecrets(in: response.body)
    }
    return hidden
  }

  private func hidingSecrets(in headers: Headers, tokens: [String]) -> Headers {
    Headers(
      headers.map { field in
        let isToken = tokens.contains(where: field.name.equalsIgnoringASCIICase)
        return Headers.Field(field.name, isToken ? ByteString(Self.mask) : hidingSecrets(in: field.value))
      })
  }

  private func hidingSecrets(in text: ByteString) -> ByteString {
    ByteString(hidingSecrets(in: Array(text)))
  }
}

extension SigningSecret {
  /// How a secret may be written in a text: as it is, with the escapes of JSON, percent-encoded, in hexadecimal and in
  /// base64.
  static func spellings(of secret: [UInt8]) -> [[UInt8]] {
    let escaped = Array(JSONText.string(secret).dropFirst().dropLast())
    let slash = [UInt8(ascii: "/")]
    let texts =
      [secret, escaped, escaped.substituting(slash, with: Array(#"\/"#.utf8)) ?? escaped]
      + [true, false].flatMap { isUppercase in
        [
          PercentCoding.encoded(secret, uppercase: isUppercase),
          secret.flatMap { Hex.digits(of: $0, uppercase: isUppercase) },
        ]
      } + (0..<3).map { Array(Base64.digits(ownedBy: secret, behind: $0)) }
    return texts.reduce(into: []) { if $1.count >= secret.count, !$0.contains($1) { $0.append($1) } }
  }
}
