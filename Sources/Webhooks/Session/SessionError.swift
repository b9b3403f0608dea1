/// Why a line of a session can't be read; the lines beside it can.
public enum SessionError: Error, Sendable, Equatable {
  /// The last line has no newline and is not whole.
  case cutOff
  /// More than `limit` bytes without a newline.
  case tooLong(limit: Int)
  case notUTF8
  /// Not JSON from byte `at` of the line on.
  case notJSON(at: Int)
  case notAnObject
  /// A field that must be there is not.
  case missing(SessionField)
  case repeated(SessionField)
  /// A field of another type, or with a value that it can't have.
  case unexpected(SessionField)
  /// A header, counted from 1, whose name or value could not stand in a request.
  case badHeaderName(number: Int)
  case badHeaderValue(number: Int)
  case tooManyHeaders(limit: Int)
  /// The two words of the verdict do not belong together.
  case verdictDisagrees(status: Verdict.Status, reason: Verdict.Reason)
  /// The body has another length than the line says, in bytes.
  case bodySize(stated: Int, actual: Int)
}

extension SessionError: CustomStringConvertible {
  /// One sentence on what is wrong; it quotes nothing of the line, so it is safe to print.
  public var description: String {
    switch self {
    case .cutOff: "the last line is cut off: what recorded it was stopped while writing"
    case .tooLong(let limit): "the line is longer than \(limit) bytes: it is not from a session"
    case .notUTF8: "the line is not UTF-8: give a file that hooktop has recorded"
    case .notJSON(let at): "the line is not JSON from byte \(at) on: give a file that hooktop has recorded"
    case .notAnObject: "the line is not a JSON object: give a file that hooktop has recorded"
    case .missing(let field): "\(field.path) is missing: expected \(field.expectation)"
    case .repeated(let field): "\(field.path) appears twice: expected it once"
    case .unexpected(let field): "\(field.path) can't be read: expected \(field.expectation)"
    case .badHeaderName(let number):
      "the name of header \(number) has a character that HTTP does not allow: the line was changed"
    case .badHeaderValue(let number):
      """
      the value of header \(number) has a control character, such as NUL or CR, that HTTP does not allow: \
      the line was changed
      """
    case .tooManyHeaders(let limit): "more than \(limit) headers: it is not from a session"
    case .verdictDisagrees(let status, let reason):
      """
      verdict.status is \(status.rawValue), but the reason \(reason.rawValue) belongs to \
      \(reason.status.rawValue)
      """
    case .bodySize(let stated, let actual):
      "request.body_size is \(stated), but the body has \(actual) bytes: the line was changed"
    }
  }
}
