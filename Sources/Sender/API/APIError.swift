internal import JSON
internal import Webhooks

/// Why a call of a provider's API has no result; its words are one line, and never hold the key.
public enum APIError: Error, Equatable, Sendable {
  /// The API answered with a status that is not 2xx.
  /// - Parameters:
  ///   - words: the API's own, as they came.
  ///   - retryAfter: in seconds, where it asks to wait for longer than was waited.
  case refused(call: APICall, status: Int, words: String?, retryAfter: Double?)
  /// A 2xx whose body is not what it should be.
  case unreadable(call: APICall, detail: String)
  case unreachable(url: String, detail: String)
  /// The connection ended or the time was over after the request had gone out.
  case noAnswer(call: APICall, url: String, detail: String)
  case cancelled
}

extension APIError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .refused(let call, let status, let words, let retryAfter):
      "\(call.title)'s API answered \(status)" + (words.map { ": \($0)" } ?? "")
        + Self.advice(status, retryAfter)
    case .unreadable(let call, let detail):
      "\(call.title)'s API answered something unexpected (\(detail)): check --api-url"
    case .unreachable(let url, let detail): "no connection to \(url) (\(detail)): check --api-url"
    case .noAnswer(let call, let url, let detail):
      "no answer from \(url) (\(detail))"
        + (call.method == .get
          ? ": try again later" : ": the call may have been carried out; look before you repeat it")
    case .cancelled: "stopped before an answer came"
    }
  }

  /// What to do about a status, behind the API's own words.
  private static func advice(_ status: Int, _ retryAfter: Double?) -> String {
    if let retryAfter { return "; try again in \(Durations.words(retryAfter.rounded(.up)))" }
    return switch status {
    case 401, 403: "; check the API key"
    case 301, 302, 307, 308: "; check --api-url: redirects are not followed, the key would go along"
    case 500...: "; try again later"
    default: ""
    }
  }
}

/// What an API says about a failure, in whichever of the usual forms.
enum APIWords {
  /// The most that is repeated, in bytes.
  private static let limit = 300
  private static let query = JSONFieldQuery([
    ["error", "message"], ["error", "code"], ["error", "field"], ["message"], ["detail"], ["error"],
  ])

  /// The API's own words; nil if it has none. A key that it repeats is left out.
  static func said(_ body: [UInt8], hiding key: String) -> String? {
    let fields = query.fields(in: body)
    func text(_ index: Int) -> ByteString? { fields[index]?.string }
    guard fields.isJSON else {
      // A page of HTML says nothing in one line.
      return body.isEmpty || body.first == UInt8(ascii: "<") ? nil : shown(body, hiding: key)
    }
    guard let message = text(0) ?? text(3) ?? text(4) ?? text(5) ?? text(1) else { return nil }
    let notes = [text(1), text(2).map { ByteString("field " + $0.text) }].compactMap(\.self)
      .filter { $0 != message }
    let words =
      Array(message) + (notes.isEmpty ? [] : Array(" (\(notes.map(\.text).joined(separator: ", ")))".utf8))
    return shown(words, hiding: key)
  }

  private static func shown(_ bytes: [UInt8], hiding key: String) -> String? {
    let hidden = bytes.prefix(64 << 10).replacing(Array(key.utf8), with: Array("(the API key)".utf8))
    let line = hidden.split { $0 == 0x0A || $0 == 0x0D }.joined(separator: [0x20])
    let text = ByteString(Array(line.prefix(limit))).text
    return text.isEmpty ? nil : text
  }
}
