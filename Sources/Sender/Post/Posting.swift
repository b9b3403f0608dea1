internal import Webhooks

/// Something that posts deliveries to a URL: the network, or a stand-in for it.
public protocol Posting: Sendable {
  /// Posts `delivery` and waits for the answer; any HTTP status is an answer.
  func post(_ delivery: OutgoingDelivery, to url: String) async throws(PostError) -> PostAnswer
}

extension Posting {
  /// Posts `delivery` and tells how it fared under its `number`.
  func report(_ number: Int, _ delivery: OutgoingDelivery, to url: String) async -> PostReport {
    do throws(PostError) {
      let answer = try await post(delivery, to: url)
      return PostReport(number: number, delivery: delivery, result: .success(answer))
    } catch {
      return PostReport(number: number, delivery: delivery, result: .failure(error))
    }
  }
}

/// How long a delivery may take, in whole seconds.
public struct PostTimeouts: Sendable, Equatable {
  /// Until the connection stands, TLS handshake included.
  public var connect: Int
  /// From the start until the answer is complete.
  public var answer: Int

  /// 30 s is the longest that a documented provider waits for an answer.
  public init(connect: Int = 5, answer: Int = 30) {
    self.connect = connect
    self.answer = answer
  }
}

/// What came back for a delivery that was posted.
public struct PostAnswer: Sendable, Equatable {
  /// The HTTP status.
  public let status: Int
  /// From the start of the request to the head of the answer, in milliseconds.
  public let milliseconds: Double
  /// How the answer's body begins.
  public let body: [UInt8]

  public init(status: Int, milliseconds: Double, body: [UInt8] = []) {
    self.status = status
    self.milliseconds = milliseconds
    self.body = body
  }

  /// Whether the receiver took the delivery: any 2xx.
  public var isAccepted: Bool { status.isAcceptedStatus }
}

/// How one of several deliveries fared.
public struct PostReport: Sendable {
  /// The place in the order of sending, from 1.
  public let number: Int
  public let delivery: OutgoingDelivery
  public let result: Result<PostAnswer, PostError>

  public var label: String { delivery.label }

  public init(number: Int, delivery: OutgoingDelivery, result: Result<PostAnswer, PostError>) {
    self.number = number
    self.delivery = delivery
    self.result = result
  }
}

/// Why a delivery got no answer.
public enum PostError: Error, Equatable, Sendable {
  case notAURL(String)
  case nothingListens(url: String)
  case unknownHost(url: String)
  case connectTimedOut(url: String, seconds: Int)
  case answerTimedOut(url: String, seconds: Int)
  case closedEarly(url: String)
  case untrusted(url: String, detail: String)
  case unsendableHeader(detail: String)
  case cancelled
  case other(url: String, detail: String)

  /// What went wrong, in the word that files and scripts know it by; as `Exchange.Failure` has it where that has one.
  public var word: String {
    switch self {
    case .nothingListens: Exchange.Failure.refused.rawValue
    case .unknownHost, .connectTimedOut: Exchange.Failure.unreachable.rawValue
    case .answerTimedOut: Exchange.Failure.timeout.rawValue
    case .closedEarly: Exchange.Failure.reset.rawValue
    case .untrusted: Exchange.Failure.tls.rawValue
    case .cancelled: Exchange.Failure.cancelled.rawValue
    case .notAURL, .unsendableHeader, .other: "other"
    }
  }

  /// Whether the next delivery to the same URL would fare no better.
  public var isAboutTheAddress: Bool {
    switch self {
    case .notAURL, .nothingListens, .unknownHost, .connectTimedOut, .untrusted: true
    case .answerTimedOut, .closedEarly, .unsendableHeader, .cancelled, .other: false
    }
  }
}

extension PostError: CustomStringConvertible {
  /// One line on what happened and what to do; it may quote the URL and the system's words.
  public var description: String {
    switch self {
    case .notAURL(let text):
      "\"\(text)\" is not a web address: give --to as http://HOST:PORT or https://HOST"
    case .nothingListens(let url):
      "nothing listens at \(url): start hooktop first, or give --to"
    case .unknownHost(let url):
      "the host of \(url) has no address: check its spelling and the network"
    case .connectTimedOut(let url, let seconds):
      "no connection to \(url) within \(seconds) s: check the address, and the firewall between"
    case .answerTimedOut(let url, let seconds):
      "no answer from \(url) within \(seconds) s: see what the receiver does with the delivery"
    case .closedEarly(let url):
      "\(url) closed the connection without an answer: see the receiver's log"
    case .untrusted(let url, let detail):
      "no trusted TLS connection to \(url) (\(detail)): check the port, and name the certificate that it has with --cacert"
    case .unsendableHeader(let detail):
      "a header can't be sent over HTTP (\(detail)): take it out of the delivery"
    case .cancelled:
      "stopped before an answer came: send it again"
    case .other(let url, let detail):
      "posting to \(url) failed (\(detail)): check the address and try again"
    }
  }
}

/// What the TLS library reports, in words for the user: its own hold names of C functions and paths of source files.
enum TLSReport {
  static func words(_ report: String) -> String {
    func names(_ faults: String...) -> Bool { faults.contains { report.contains($0) } }
    if names("CERTIFICATE_VERIFY_FAILED") { return "its certificate is not trusted here" }
    if names("failedToValidateHostname") { return "its certificate is for other names" }
    if names("eofDuringHandshake", "EOF during handshake", "WRONG_VERSION_NUMBER", "HTTP_REQUEST") {
      return "no TLS is spoken there"
    }
    let name = report.firstMatch(of: #/:([A-Z][A-Z0-9_]+) at/#).map { String($0.1) }
    return name?.lowercased().replacing("_", with: " ") ?? "the handshake failed"
  }
}
