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
