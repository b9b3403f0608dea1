internal import JSON
internal import Screen
internal import Webhooks

/// A delivery as a section of Markdown, for a ticket: what arrived, the verdict, why it is so, and the request.
///
/// Received text stands in code only, where Markdown means nothing, and is made safe as on the screen.
struct MarkdownReport: Sendable {
  /// How much of a body is shown, in bytes.
  private static let bodyLimit = 16 << 10

  private let delivery: Delivery
  private let lines: [[TextRun]]
  private let charset: Charset

  init(_ report: SignatureReport, charset: Charset) {
    delivery = report.delivery
    lines = report.lines
    self.charset = charset
  }

  /// The heading, and what the signature pane says.
  var text: [UInt8] { Self.joined([heading(delivery), Self.code(lines.map(plain), "")]) }

  /// The same with the request.
  /// - Parameters:
  ///   - hidden: the delivery as it is to be seen.
  ///   - isRedacted: whether the body must not be quoted: causes do.
  func text(showing hidden: Delivery, isRedacted: Bool) -> [UInt8] {
    let shown = isRedacted ? Array(lines.prefix(1)) : lines
    return Self.joined([heading(hidden), Self.code(shown.map(plain), ""), request(hidden.request)])
  }

  private static func joined(_ sections: [String]) -> [UInt8] {
    Array((sections.joined(separator: "\n\n") + "\n").utf8)
  }

  private func heading(_ delivery: Delivery) -> String {
    let event = delivery.envelope.event ?? delivery.target
    return
      "## #\(delivery.sequence) \(inCode(event.cut(to: 80).bytes)): \(delivery.verdict.status.rawValue)\n\n"
      + "Received \(delivery.receivedAt.iso8601)"
      + (delivery.envelope.provider.map { " from \($0.title)" } ?? "") + "."
  }

  private func request(_ request: Request) -> String {
    var head = ["\(request.method) \(safe(request.target.bytes)) HTTP/\(request.version.rawValue)"]
    head += request.headers.map { "\(safe($0.name.bytes)): \(safe($0.value.bytes))" }
    return Self.code(head, "http") + "\n\n" + body(request.body)
  }

  private func body(_ body: [UInt8]) -> String {
    let size = "Body, \(Wording.bytes(body.count))"
    guard !body.isEmpty else { return "No body." }
    guard body.isUTF8 else { return "\(size), is not text." }
    let shown = body.prefix(Self.bodyLimit)
    let lines = shown.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(safe)
    let kind = JSONOutline(body, limit: 1 << 20) == nil ? "" : "json"
    let rest = body.count > shown.count ? "\n\nThe first \(Wording.bytes(shown.count)) of it." : ""
    return "\(size):\n\n\(Self.code(lines, kind))\(rest)"
  }

  private func plain(_ line: [TextRun]) -> String { line.map { safe($0.bytes) }.joined() }

  private func safe(_ bytes: ArraySlice<UInt8>) -> String { SafeText.plain(bytes, charset: charset) }

  private func inCode(_ bytes: ArraySlice<UInt8>) -> String {
    "`\(safe(bytes).replacing("`", with: "'"))`"
  }

  /// A block of code; its fence is longer than any row of backquotes in it, so that nothing in it ends it.
  private static func code(_ lines: [String], _ language: String) -> String {
    let longest = lines.reduce(0) { max($0, longestRun(of: UInt8(ascii: "`"), in: $1)) }
    let fence = String(repeating: "`", count: max(3, longest + 1))
    return "\(fence)\(language)\n\(lines.joined(separator: "\n"))\n\(fence)"
  }

  private static func longestRun(of byte: UInt8, in line: String) -> Int {
    var (run, longest) = (0, 0)
    for next in line.utf8 {
      run = next == byte ? run + 1 : 0
      longest = max(longest, run)
    }
    return longest
  }
}
