internal import JSON

/// Writes deliveries as a file that the HTTP clients of VS Code and of JetBrains' editors send again: a request a block.
public enum HTTPFile {
  /// What a client makes anew for what it sends.
  private static let madeAnew = ["Content-Length", "Transfer-Encoding", "Connection"]

  /// The block of a delivery.
  /// - Parameter url: where it goes, without a path.
  public static func block(_ delivery: Delivery, url: String) -> [UInt8] {
    let request = delivery.request
    let (body, file) = (request.body, "\(delivery.sequence).body")
    let isBodyInFile = !isWritable(body)
    var text = Array("### #\(delivery.sequence), received \(delivery.receivedAt.iso8601)\n".utf8)
    if isBodyInFile {
      text += Array("# These clients would change this body, so it is read from the file \(file):\n".utf8)
      text += Array("# hooktop export FILE --as body --if seq:\(delivery.sequence) > \(file)\n".utf8)
    }
    text += head(request, url)
    guard !body.isEmpty else { return text + Array("\n".utf8) }
    return text + Array("\n".utf8) + (isBodyInFile ? Array("< ./\(file)".utf8) : body) + Array("\n\n".utf8)
  }

  /// The request line and the fields, below comments about what the clients would not send as it is.
  private static func head(_ request: Request, _ url: String) -> [UInt8] {
    let target = request.target.first == UInt8(ascii: "/") ? Array(request.target) : [UInt8(ascii: "/")]
    let path = target.substituting(variable, with: Array("%7B%7B".utf8)) ?? target
    var (comments, fields): ([UInt8], [UInt8]) = ([], [])
    if path != target {
      comments += Array("# These clients would fill {{ in, so the URL holds %7B%7B in its place.\n".utf8)
    }
    for field in request.headers where !madeAnew.contains(where: field.name.equalsIgnoringASCIICase) {
      let line = Array(field.name) + Array(": ".utf8) + Array(field.value) + Array("\n".utf8)
      if isWritable(field) {
        fields += line
      } else {
        comments += Array("# These clients would not send this header as it is: ".utf8) + line
      }
    }
    let version = Array(" HTTP/\(request.version.rawValue)\n".utf8)
    return comments + Array("\(request.method) \(url)".utf8) + path + version + fields
  }

  /// What these clients take for the beginning of a variable, such as one of the user's environment.
  private static let variable = Array("{{".utf8)

  /// Whether the clients send a field as it stands in the file: a line that begins with a mark divides requests, or is
  /// a comment or a part of the URL.
  private static func isWritable(_ field: Headers.Field) -> Bool {
    let isName = field.name.first.map { !"#&".utf8.contains($0) } ?? false
    return isName && Array(field.value).index(of: variable) == nil
  }

  /// Whether the clients send a body as it stands in the file: they fill variables in, and lines with marks at their
  /// beginning mean something else.
  private static func isWritable(_ body: [UInt8]) -> Bool {
    guard body.isUTF8, !body.contains(0), !body.contains(UInt8(ascii: "\r")),
      body.index(of: variable) == nil
    else { return false }
    // White space at the ends is cut off.
    guard body.isEmpty || !(body[0].isBlank || body[body.count - 1].isBlank) else { return false }
    return body.split(separator: UInt8(ascii: "\n")).allSatisfy { line in
      !["###", "<", ">", "#", "//"].contains { line.starts(with: $0.utf8) }
    }
  }
}

extension UInt8 {
  fileprivate var isBlank: Bool { self == 0x20 || (0x09...0x0D).contains(self) }
}
