import Webhooks

/// Messages that two readers could take apart in two ways: each ends its connection, and none is a delivery.
enum HostileHTTPFraming {
  static let all = (lengths + codings + fields + chunks).map { name, text in
    HostileHTTPTable.row(name, text, [400], .closed, [], [.badRequest])
  }

  private typealias Row = (name: String, text: String)

  private static let inner = HostileHTTPTable.inner

  private static func post(_ fields: String, _ body: String = "0\r\n\r\n" + inner) -> String {
    HostileHTTPTable.post(fields, body)
  }

  private static let lengths: [Row] = [
    "Content-Length: 6\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked\r\nContent-Length: 6",
    "Content-Length: 6\r\nTransfer-Encoding: identity", "Content-Length: 0\r\nContent-Length: 44",
    "Content-Length: 6\r\nContent-Length: 6", "Content-Length: 6, 6", "Content-Length: +6",
    "Content-Length: -6",
    "Content-Length: 0x6", "Content-Length: 6 6", "Content-Length: 6;", "Content-Length:",
    "Content-Length: six",
    "Content-Length: 6.0", "Content-Length: 1e1", "Content-Length: 6\u{B}",
    "Content-Length: 18446744073709551617",
    "Content-Length: \u{FF16}", "content-length : 6", "Content-Length\t: 6", "Content-Length: 6\t",
  ].map { ($0, post($0 + "\r\n")) }

  private static let codings: [Row] =
    [
      "chunked, gzip", "chunked, chunked", ",chunked", "chunked,", "xchunked", "chunkedchunked",
      "gzip, chunked", "gzip",
      "identity", "", "\"chunked\"", "\u{B}chunked", "chunked\u{B}", "chunked;q=1",
      "chunked\r\nTransfer-Encoding: chunked",
      "chunked\r\nTransfer-Encoding: x", "x\r\nTransfer-Encoding: chunked", "\r\n chunked", "chunked\r\n , x",
    ].map { ("Transfer-Encoding: \($0)", post("Transfer-Encoding: \($0)\r\n")) }
    + [
      ("Transfer-Encoding before a space", post("Transfer-Encoding : chunked\r\n")),
      ("Transfer-Encoding behind a bare LF", post("X: y\nTransfer-Encoding: chunked\r\n")),
      ("Transfer-Encoding behind a bare CR", post("X: y\rTransfer-Encoding: chunked\r\n")),
      (
        "Content-Length in the trailers",
        HostileHTTPTable.post(
          HostileHTTPTable.coding, "1\r\na\r\n0\r\nContent-Length: 9\r\n\r\n\(inner)")
      ),
      (
        "Transfer-Encoding on HTTP/1.0",
        HostileHTTPTable.post("Transfer-Encoding: chunked\r\n", "0\r\n\r\n" + inner, version: "1.0")
      ),
    ]

  private static let fields: [Row] =
    [
      "X: a\r\n folded", "X: a\r\n\tfolded", "X : a", " X: a", "X: a\nY: b", "X: a\rY: b", "X: a\u{0}b",
      "X\u{0}: a", ": a",
      "X", "X\u{7F}: a", "X(: a", "X: a\u{8}", "X: \u{1B}[2J", "Host: other", "\r", "Y:\u{0}",
    ].map { ("\($0.debugDescription)", post($0 + "\r\n")) }
    + [
      ("no Host", "POST /a HTTP/1.1\r\n\r\n\(inner)"),
      ("a space before the first field", "POST /a HTTP/1.1\r\n Host: a\r\n\r\n\(inner)"),
      ("lines that end with LF", "POST /a HTTP/1.1\nHost: a\n\n\(inner)"),
      ("lines that end with CR", "POST /a HTTP/1.1\rHost: a\r\r\(inner)"),
      ("a space in the target", "POST /a b HTTP/1.1\r\nHost: a\r\n\r\n\(inner)"),
      ("a space behind the version", "POST /a HTTP/1.1 \r\nHost: a\r\n\r\n\(inner)"),
      ("a control character in the target", "POST /a\u{1}b HTTP/1.1\r\nHost: a\r\n\r\n\(inner)"),
      ("UTF-8 in the target", "POST /\u{E9} HTTP/1.1\r\nHost: a\r\n\r\n\(inner)"),
      ("no target", "POST HTTP/1.1\r\nHost: a\r\n\r\n\(inner)"),
    ]

  private static let chunks: [Row] = [
    "zz", "-1", "+1", "0x1", "", " 1", "1 ", "1 ;a", "1 a", "1;a\nb", "1;\u{0}", "1\n", "ffffffffffffffffff",
    "1\r\nabc", "1\r\na\n0",
    "1\r\na0", "5\r\nab\r\n0",
  ].map {
    (
      "a chunk of \($0.debugDescription)",
      HostileHTTPTable.post(HostileHTTPTable.coding, "\($0)\r\na\r\n0\r\n\r\n\(inner)")
    )
  }
}
