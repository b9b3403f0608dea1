internal import JSON

/// A delivery and what happened to it, as others may see them who look on.
public struct PresentedDelivery: Sendable {
  public let delivery: Delivery
  public let outcomes: [Outcome]
  /// The places of the paths that lead to something in its body.
  public let met: Set<Int>

  public init(delivery: Delivery, outcomes: [Outcome], met: Set<Int> = []) {
    (self.delivery, self.outcomes, self.met) = (delivery, outcomes, met)
  }
}

/// Hides values wherever they can be read, not only in exports: in the rest of the body, in headers, in the target, and
/// in what apps responded.
extension Redaction {
  /// Why a body is hidden as a whole.
  public enum Obstacle: String, Sendable {
    /// It is empty, and stays so.
    case empty = ""
    case notJSON = "hidden: the body is not JSON, so its masked values can't be found"
    case tooMany = "hidden: too many values are masked to look for them"
    case pending = "hidden until the values to be masked are found"
    case tooLarge = "hidden: the recorded line is larger than 64 KiB"
    case lost = "hidden: the session file changed, so its masked values can't be found"
  }

  /// A delivery without the values that the paths lead to, in whatever spelling. One whose values can't be told is hidden
  /// but for its verdict.
  public func presenting(_ delivery: Delivery, _ outcomes: [Outcome]) -> PresentedDelivery {
    guard !isEmpty else { return PresentedDelivery(delivery: delivery, outcomes: outcomes) }
    let delivery = delivery.withPresentedAnswer
    guard delivery.isReadable else { return Self.veiling(delivery, outcomes, for: .lost) }
    let body = delivery.request.body
    // Where the body was lost on the way, its values may still stand in a header or in the target.
    guard !body.isEmpty else { return Self.veiling(delivery, outcomes, for: .empty) }
    guard let result = mask.hiding(in: body) else { return Self.veiling(delivery, outcomes, for: .notJSON) }
    guard let values = HiddenValues(result.values), let hidden = hiding(values, in: result.body) else {
      let veiled = Self.veiling(delivery, outcomes, for: .tooMany)
      return PresentedDelivery(delivery: veiled.delivery, outcomes: veiled.outcomes, met: result.met)
    }
    let exchanged = outcomes.map { presenting($0, result.values) }
    let shown = hidden == body ? delivery : Self.delivery(delivery, hidden, values)
    return PresentedDelivery(delivery: shown, outcomes: exchanged, met: result.met)
  }

  /// A delivery whose request is in a file without the values, unless its line is longer than `limit` bytes.
  public func presentingFiled(_ delivery: Delivery, reading limit: Int) -> Delivery {
    delivery.isAtHand(reading: limit)
      ? presenting(delivery, []).delivery : Self.veiling(delivery, [], for: .tooLarge).delivery
  }

  private func hiding(_ values: HiddenValues, in body: [UInt8]) -> [UInt8]? {
    values.isEmpty ? body : values.hiding(in: body)
  }

  /// The delivery with another body, and without the values in the rest of its request.
  private static func delivery(_ delivery: Delivery, _ body: [UInt8], _ values: HiddenValues) -> Delivery {
    var request = delivery.request
    request.body = body
    request.headers = hiding(values, in: request.headers, isLengthHidden: true)
    if values.occur(in: request.target) { request.target = target }
    if values.occur(in: request.peer.utf8) { request.peer = "" }
    var envelope = Envelope(reading: request, of: delivery.envelope.provider)
    // All that are hidden would be the same one.
    let known = delivery.envelope
    if envelope.eventID != known.eventID { envelope.eventID = nil }
    if envelope.deliveryID != known.deliveryID { envelope.deliveryID = nil }
    return delivery.with(request: request, envelope: envelope)
  }

  private static let target = ByteString(Array("/".utf8) + word)

  private static func hiding(
    _ values: HiddenValues?, in headers: Headers, isLengthHidden: Bool = false
  ) -> Headers {
    Headers(
      headers.map { field in
        let tellsLength = isLengthHidden && field.name.equalsIgnoringASCIICase("content-length")
        let isHidden = tellsLength || values?.occur(in: field.value) ?? true
        return Headers.Field(
          values?.occur(in: field.name) == true ? ByteString(word) : field.name,
          isHidden ? ByteString(word) : field.value)
      })
  }
}

extension Redaction {
  /// A delivery of which nothing can be read but its verdict and its times of arrival. It takes the same time for any
  /// body.
  public static func veiling(
    _ delivery: Delivery, _ outcomes: [Outcome], for obstacle: Obstacle
  ) -> PresentedDelivery {
    let delivery = delivery.withPresentedAnswer
    // What is in a file is not read for the names of its header fields.
    var request = delivery.filed == nil ? delivery.request : Request(headers: [], body: [])
    request.body = Array(obstacle.rawValue.utf8)
    request.headers = hiding(nil, in: request.headers)
    request.target = target
    request.peer = ""
    let envelope = Envelope(provider: delivery.envelope.provider, event: ByteString(word))
    return PresentedDelivery(
      delivery: delivery.with(request: request, envelope: envelope), outcomes: outcomes.map(veiling))
  }

  /// What happened to a delivery, without anything that was received.
  public static func veiling(_ outcome: Outcome) -> Outcome {
    guard case .exchanged(let exchange) = outcome else { return outcome.withPresentedAnswer }
    return .exchanged(veiling(exchange))
  }

  private static func veiling(_ exchange: Exchange) -> Exchange {
    var veiled = exchange
    veiled.url = host(of: exchange.url)
    if let response = exchange.response {
      veiled.response = Exchange.Response(
        status: response.status, headers: hiding(nil, in: response.headers),
        body: response.body.isEmpty ? [] : word)
    }
    return veiled
  }

  private func presenting(_ outcome: Outcome, _ known: Set<ByteString>) -> Outcome {
    guard case .exchanged(let exchange) = outcome else { return outcome.withPresentedAnswer }
    return .exchanged(hiding(known, in: exchange))
  }

  /// An exchange without the values of its delivery, and without those that the app's response has at the paths.
  /// - Parameter known: nil if they can't be told; nothing that was received is left then.
  func hiding(_ known: Set<ByteString>?, in exchange: Exchange) -> Exchange {
    // A probe of a check has a byte of the body changed, so that what an app echoes is a value but for a byte.
    if exchange.purpose == .check, known?.isEmpty == false { return Self.veiling(exchange) }
    // The app may have values of its own at the paths.
    let body = exchange.response?.body ?? []
    let found = body.isEmpty ? JSONMask.Result(body: []) : mask.hiding(in: body)
    guard let values = known.flatMap({ HiddenValues($0.union(found?.values ?? [])) }) else {
      return Self.veiling(exchange)
    }
    var hidden = exchange
    if values.occur(in: exchange.url.utf8) { hidden.url = Self.host(of: exchange.url) }
    if let response = exchange.response {
      let shown = found.flatMap { hiding(values, in: $0.body) } ?? Self.word
      hidden.response = Exchange.Response(
        status: response.status,
        headers: Self.hiding(values, in: response.headers, isLengthHidden: shown != body), body: shown)
    }
    return hidden
  }

  /// `http://127.0.0.1:3000/[redacted]`: a URL without its path.
  private static func host(of url: String) -> String {
    let parts = url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
    guard parts.count == 4, parts[1].isEmpty else { return String(decoding: word, as: UTF8.self) }
    return "\(parts[0])//\(parts[2])/" + String(decoding: word, as: UTF8.self)
  }
}

// MARK: Rules that senders were answered by

extension RuleName {
  private static let hidden = RuleName(String(decoding: Redaction.word, as: UTF8.self))

  /// A rule that anybody may see: actions alone. Its filter, or the text that it answers, may be a hidden value.
  public var presented: RuleName {
    let isSeen = text.utf8.split(separator: UInt8(ascii: " ")).allSatisfy(Self.isAction)
    return isSeen || self == .challenge ? self : .hidden
  }

  /// `status`, `delay`, `drop`, `hang`, and numbers such as `500`, `11s` and `x3`.
  private static func isAction(_ word: Substring.UTF8View) -> Bool {
    if ["status", "delay", "drop", "hang"].contains(where: { word.elementsEqual($0.utf8) }) { return true }
    let digits = word.drop { $0 == UInt8(ascii: "x") }.prefix { $0.isASCIIDigit || $0 == UInt8(ascii: ".") }
    return !digits.isEmpty && digits.count <= 6 && word[digits.endIndex...].count <= 2
  }
}

extension Delivery {
  fileprivate var withPresentedAnswer: Delivery {
    guard let answer, let rule = answer.rule, rule.presented != rule else { return self }
    return with(answer: answer.presented)
  }
}

extension Outcome {
  fileprivate var withPresentedAnswer: Outcome {
    if case .answered(let answer) = self { .answered(answer.presented) } else { self }
  }
}

extension Answer {
  fileprivate var presented: Answer {
    Answer(status: status, milliseconds: milliseconds, rule: rule?.presented)
  }
}
