internal import JSON

/// Writes deliveries as a file that the HTTP clients of VS Code and of JetBrains' editors send again: a request a block.
public enum HTTPFile {
  /// What a client makes anew for what it sends.
  private static let madeAnew = ["Content-Length", "Transfer-Encoding", "Connection"]

  /// The block of a delivery.
  /// - Parameter url: where it goes, without a path.
  public static func block(_ delivery: Delivery, url: String) -> [UInt8] {
    let request = delivery.request
    let path = request.target.first == UInt8(ascii: "/") ? Array(request.target) : [UInt8(ascii: "/")]
    var text = Array("### #\(delivery.sequence), received \(delivery.receivedAt.iso8601)\n".utf8)
    let (isWritable, file) = (isWritable(request.body), "\(delivery.sequence).body")
    if !isWritable {
      text += Array("# These clients would change this body, so it is read from the file \(file):\n".utf8)
      text += Array("# hooktop export FILE --as body --if seq:\(delivery.sequence) > \(file)\n".utf8)
    }
    text += Array("\(request.method) \(url)".utf8) + path + Array(" HTTP/\(request.version.rawValue)\n".utf8)
    for field in request.headers where !madeAnew.contains(where: field.name.equalsIgnoringASCIICase) {
      text += Array(field.name) + Array(": ".utf8) + Array(field.value) + Array("\n".utf8)
    }
    guard !request.body.isEmpty else { return text + Array("\n".utf8) }
    return text + Array("\n".utf8) + (isWritable ? request.body : Array("< ./\(file)".utf8))
      + Array("\n\n".utf8)
  }

  /// Whether the clients send a body as it stands in the file: they fill variables in, and lines with marks at their
  /// beginning mean something else.
  private static func isWritable(_ body: [UInt8]) -> Bool {
    guard body.isUTF8, !body.contains(0), !body.contains(UInt8(ascii: "\r")),
      body.index(of: Array("{{".utf8)) == nil
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
