internal import JSON

/// A `curl` command that sends a request again as it was: method, target, header fields in their order, body.
///
/// It holds received text and is run by a shell, so every part of it is a `ShellWord`. curl itself sends `Host` first,
/// wherever it stood, and in that spelling.
public struct CurlCommand: Sendable {
  /// The largest body that stands in the command itself, in bytes.
  public static let inlineLimit = 16 << 10

  private let request: Request
  private let url: String
  private let isSelfSigned: Bool

  /// - Parameters:
  ///   - url: where it goes, without a path: `http://127.0.0.1:4747`.
  ///   - isSelfSigned: whether that has a certificate that curl can't check.
  public init(_ request: Request, to url: String, isSelfSigned: Bool = false) {
    self.request = request
    self.url = url
    self.isSelfSigned = isSelfSigned
  }

  /// The body, where that has to be in a file beside the command: it is large, or not text; nil if it stands in the
  /// command.
  public var bodyForFile: [UInt8]? {
    let body = request.body
    let isInline = body.count <= Self.inlineLimit && ShellWord.isPrintable(body, newlines: true)
    return isInline ? nil : body
  }

  /// The command, one option a line, without a newline at its end.
  /// - Parameter file: the path of the file that holds the body; needed where `bodyForFile` is not nil.
  public func text(bodyIn file: String? = nil) -> [UInt8] {
    let options: [[UInt8]] = [firstLine] + fields + [body(in: file)].compactMap(\.self) + withoutDefaults
    return Array(options.joined(separator: Array(" \\\n  ".utf8)))
  }

  private var firstLine: [UInt8] {
    var words = ["curl", "-X"].map { Array($0.utf8) } + [ShellWord.quoted(request.method.utf8)]
    func add(_ option: String) { words.append(Array(option.utf8)) }
    if request.version == .http10 { add("--http1.0") } else if url.hasPrefix("https:") { add("--http1.1") }
    if isSelfSigned { add("--insecure") }
    let target = Array(request.target)
    if isPath(target) {
      if target.contains(where: "[]{}".utf8.contains) { add("--globoff") }
      if target.index(of: Array("/.".utf8)) != nil { add("--path-as-is") }
      words.append(ShellWord.quoted(Array(url.utf8) + target))
    } else {
      add("--request-target")
      words += [ShellWord.quoted(target), ShellWord.quoted(Array("\(url)/".utf8))]
    }
    return Array(words.joined(separator: [UInt8(ascii: " ")]))
  }

  /// Whether curl sends the target as it stands in a URL: it cuts fragments off, and encodes what is not ASCII.
  private func isPath(_ target: [UInt8]) -> Bool {
    target.first == UInt8(ascii: "/")
      && target.allSatisfy { (0x21..<0x7F).contains($0) && !"#\"<>\\^`|".utf8.contains($0) }
  }

  private var fields: [[UInt8]] {
    request.headers.filter { !isForeignLength($0) }.map { field in
      let name = Array(field.name)
      return header(
        name + (field.value.isEmpty ? [UInt8(ascii: ";")] : Array(": ".utf8) + Array(field.value)))
    }
  }

  /// Whether it is the length of another body, which would leave the receiver waiting.
  private func isForeignLength(_ field: Headers.Field) -> Bool {
    field.name.equalsIgnoringASCIICase("Content-Length") && field.value != ByteString("\(request.body.count)")
  }

  private func body(in file: String?) -> [UInt8]? {
    guard hasBody else { return nil }
    if let file { return Array("--data-binary ".utf8) + ShellWord.quoted(Array("@\(file)".utf8)) }
    // Not --data-binary, which takes a body that begins with @ for the name of a file.
    return Array("--data-raw ".utf8) + ShellWord.inQuotes(request.body)
  }

  /// Whether curl is given a body, be it an empty one.
  private var hasBody: Bool {
    !request.body.isEmpty || request.headers.contains("Content-Length")
      || request.headers.contains("Transfer-Encoding")
  }

  /// Takes away what curl would add of its own.
  private var withoutDefaults: [[UInt8]] {
    let own = ["Host", "User-Agent", "Accept"] + (hasBody ? ["Content-Type", "Expect"] : [])
    return own.filter { !request.headers.contains($0) }.map { header(Array("\($0):".utf8)) }
  }

  private func header(_ text: [UInt8]) -> [UInt8] { Array("-H ".utf8) + ShellWord.quoted(text) }
}
