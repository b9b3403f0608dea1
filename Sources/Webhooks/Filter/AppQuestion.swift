internal import JSON

/// The statuses that a filter term takes: one, or a class of a hundred.
enum StatusRange: Sendable, Equatable {
  case one(Int)
  case hundreds(Int)

  /// Reads `404` or `4xx`; nil for anything else, and for what is no HTTP status.
  init?(_ text: [UInt8]) {
    let digits = text.prefix { (0x30...0x39).contains($0) }.map { Int($0 - 0x30) }
    guard text.count == 3, let first = digits.first, (1...5).contains(first) else { return nil }
    if digits.count == 3 {
      self = .one(digits.reduce(0) { $0 * 10 + $1 })
    } else if text.dropFirst().allSatisfy({ $0.asciiLowercased == UInt8(ascii: "x") }) {
      self = .hundreds(first)
    } else {
      return nil
    }
  }

  func contains(_ status: Int?) -> Bool {
    switch self {
    case .one(let one): status == one
    case .hundreds(let hundreds): status.map { $0 / 100 } == hundreds
    }
  }

  var description: String {
    switch self {
    case .one(let status): String(status)
    case .hundreds(let hundreds): "\(hundreds)xx"
    }
  }
}

/// What a filter term asks of the last exchange with an app.
enum AppQuestion: Sendable, Equatable {
  /// A whole response had such a status.
  case status(StatusRange)
  case failure(Exchange.Failure)
  /// There was no exchange, and there is none under way.
  case none

  init?(_ text: String) {
    let word = text.asciiLowercased
    if word == "none" {
      self = .none
    } else if let failure = Exchange.Failure(rawValue: word) {
      self = .failure(failure)
    } else if let range = StatusRange(Array(word.utf8)) {
      self = .status(range)
    } else {
      return nil
    }
  }

  func admits(_ delivery: Delivery, _ outcomes: [Outcome]) -> Bool {
    let exchange = outcomes.lastExchange
    return switch self {
    case .status(let range): range.contains(exchange?.status)
    case .failure(let failure): exchange?.failure == failure
    case .none: exchange == nil && !outcomes.awaitApp(for: delivery)
    }
  }

  var description: String {
    switch self {
    case .status(let range): range.description
    case .failure(let failure): failure.rawValue
    case .none: "none"
    }
  }
}
