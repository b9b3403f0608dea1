internal import JSON

/// A request by which a sender makes sure that it has reached the right receiver, and how that one answers it.
///
/// It is answered only where its signature is valid: whoever else asks must not have a text of his own signed.
public struct Challenge: Sendable, Equatable {
  /// What such a request is called where events are.
  public let event: String
  /// Where the body says that it is one.
  let place: [String]
  /// The text or number there.
  let value: String
  /// Where the body has the token that the answer repeats or signs; empty if it has none.
  let token: [String]
  /// The body of the answer, with `$token` for the token and `$hmac` for its HMAC in hexadecimal; empty for an answer
  /// without a body.
  public let answer: String

  init(_ event: String, at place: [String], is value: String, token: [String] = [], answer: String = "") {
    self.event = event
    self.place = place
    self.value = value
    self.token = token
    self.answer = answer
  }

  /// Whether the answer holds the token's HMAC, which only a secret that is shared can make.
  var isSigned: Bool { answer.contains("$hmac") }

  /// Why it can't be answered as described; nil if it can.
  var fault: String? {
    if place.isEmpty { return "a place in the body, such as body.type" }
    if event.isEmpty || event.utf8.count > 200 { return "an event of 1 to 200 bytes" }
    if answer.utf8.count > 4096 { return "an answer of at most 4096 bytes" }
    let repeats = answer.contains("$token") || isSigned
    return repeats && token.isEmpty
      ? "token, the place of what the answer repeats, such as body.challenge" : nil
  }

  /// Whether what stands at its place says that a body is one.
  func isMeant(by found: JSONFieldValue?) -> Bool {
    switch found {
    case .string(let text)?, .number(let text)?: text == ByteString(value)
    case .bool(let flag)?: value == (flag ? "true" : "false")
    case .other?, nil: false
    }
  }
}

extension Challenge {
  /// The longest token that is repeated or signed, in bytes; Zoom's have 22, Slack's 52.
  private static let longestToken = 128

  /// Returns how a request is answered whose body this challenge is; nil if it has no token that may be signed.
  /// - Parameter secret: the one that has verified the request.
  func response(to body: [UInt8], with secret: SigningSecret) -> ChallengeAnswer? {
    var text = answer
    if !token.isEmpty {
      guard let token = harmlessToken(in: body) else { return nil }
      if isSigned {
        guard let code = secret.key.digest([Array(token)]) else { return nil }
        text = text.replacing("$hmac", with: Hex.text(code))
      }
      text = text.replacing("$token", with: token.text)
    }
    return ChallengeAnswer(body: Array(text.utf8))
  }

  /// The token that a body has; nil if that is none, or one that is not signed.
  fileprivate func harmlessToken(in body: [UInt8]) -> ByteString? {
    JSONFieldQuery([token]).fields(in: body)[0]?.string.flatMap { Self.isHarmless($0) ? $0 : nil }
  }

  /// Whether a token may be signed, and repeated as it stands inside a JSON string: the letters of base64 only.
  ///
  /// What is signed here is signed with the key of all deliveries. A token such as `v0:1745518397:{"event":…}` would
  /// come back as the signature of a delivery that the sender never made: a colon, a dot or a brace is in all of those.
  private static func isHarmless(_ token: ByteString) -> Bool {
    (1...longestToken).contains(token.count)
      && token.allSatisfy { $0.isASCIILetter || $0.isASCIIDigit || "+/-_=".utf8.contains($0) }
  }
}

/// What the sender of a challenge is told.
public struct ChallengeAnswer: Sendable, Equatable {
  public let body: [UInt8]

  /// The HTTP status: without a body, 204.
  public var status: Int { body.isEmpty ? 204 : 200 }

  /// The media type of the body; nil if there is none.
  public var contentType: String? {
    guard let first = body.first else { return nil }
    return first == UInt8(ascii: "{") ? "application/json" : "text/plain; charset=utf-8"
  }

  /// Returns whether a response would do as well: a 2xx with the same members in JSON, or with the text somewhere.
  public func isMet(by status: Int, _ response: [UInt8]) -> Bool {
    guard status.isAcceptedStatus else { return false }
    guard contentType == "application/json", let due = JSONValue(body)?.members else {
      return body.isEmpty || response.firstRange(of: body) != nil
    }
    guard let found = JSONValue(response, limit: 1024)?.object else { return false }
    return due.allSatisfy { name, value in
      found[name.text].map { $0.raw == value.raw || $0.text != nil && $0.text == value.text } ?? false
    }
  }
}

extension Delivery {
  /// Why a challenge that was verified is not answered; nil if it is answered, or none.
  public var challengeFault: String? {
    guard verdict.status == .valid, let provider = envelope.provider, let event = envelope.event,
      provider.challenges.contains(where: { ByteString($0.event) == event }),
      let challenge = provider.query.challenge(in: request.body), !challenge.token.isEmpty,
      challenge.harmlessToken(in: request.body) == nil
    else { return nil }
    return "\((["body"] + challenge.token).joined(separator: ".")) must be 1 to 128 letters of base64"
  }
}

extension SigningSecret {
  /// Returns how its sender wants a body to be answered that is a challenge; nil for all others.
  public func challengeAnswer(to body: [UInt8]) -> ChallengeAnswer? {
    provider.query.challenge(in: body)?.response(to: body, with: self)
  }
}

extension Verifier {
  /// Returns how a request is answered that is a challenge of its sender and was found valid; nil for all others.
  public func answer(to request: Request, _ envelope: Envelope, _ verdict: Verdict) -> ChallengeAnswer? {
    guard let provider = envelope.provider, !provider.challenges.isEmpty, verdict.status == .valid,
      let secret = keyring.secrets.first(where: {
        $0.provider == provider && $0.fingerprintNumber == verdict.fingerprint
      })
    else { return nil }
    return secret.challengeAnswer(to: request.body)
  }
}

extension Challenge: Decodable {
  private enum Key: String, CodingKey {
    case event, when, token, answer
  }

  private enum Sign: String, CodingKey {
    case at
    case value = "is"
  }

  /// Reads what `providers` describes as `{when: {at: body.type, is: url_verification}, token: body.challenge,
  /// answer: $token}`, with the event's name where `is` does not give it.
  public init(from decoder: any Decoder) throws {
    let facts = try decoder.container(keyedBy: Key.self)
    let sign = try facts.nestedContainer(keyedBy: Sign.self, forKey: .when)
    let value = try sign.decode(String.self, forKey: .value)
    self.init(
      try facts.decodeIfPresent(String.self, forKey: .event) ?? value,
      at: try sign.decode(BodyPath.self, forKey: .at).keys, is: value,
      token: try facts.decodeIfPresent(BodyPath.self, forKey: .token)?.keys ?? [],
      answer: try facts.decodeIfPresent(String.self, forKey: .answer) ?? "")
    if let fault {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "expected \(fault)"))
    }
  }
}
