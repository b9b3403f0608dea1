/// The white space that a JSON writer puts between tokens.
struct JSONSpacing: Sendable, Equatable {
  /// The style in a few words: `compact`.
  let name: String
  let afterComma: [UInt8]
  let beforeColon: [UInt8]
  let afterColon: [UInt8]
  /// One level of indentation; nil writes all on one line.
  let indent: [UInt8]?
  let lineEnd: [UInt8]

  private init(
    _ name: String, afterComma: String = "", beforeColon: String = "", afterColon: String = "",
    indent: String? = nil, lineEnd: String = "\n"
  ) {
    self.name = name
    self.afterComma = Array(afterComma.utf8)
    self.beforeColon = Array(beforeColon.utf8)
    self.afterColon = Array(afterColon.utf8)
    self.indent = indent.map { Array($0.utf8) }
    self.lineEnd = Array(lineEnd.utf8)
  }

  /// As JavaScript, Go, PHP and Ruby write unless told otherwise.
  static let compact = JSONSpacing("compact")
  /// As Python's `json.dumps` writes unless told otherwise.
  static let python = JSONSpacing("a space after commas and colons", afterComma: " ", afterColon: " ")

  /// The styles in the order of how often they are met: one more is one more row.
  static let all: [JSONSpacing] = [
    compact, python,
    JSONSpacing("indented by 2 spaces", afterColon: " ", indent: "  "),
    JSONSpacing("indented by 4 spaces", afterColon: " ", indent: "    "),
    JSONSpacing("a space after colons", afterColon: " "),
    JSONSpacing("indented by tabs", afterColon: " ", indent: "\t"),
    JSONSpacing("indented by 2 spaces with CRLF", afterColon: " ", indent: "  ", lineEnd: "\r\n"),
    JSONSpacing(
      "indented by 2 spaces, spaces around colons", beforeColon: " ", afterColon: " ", indent: "  "),
  ]
}
