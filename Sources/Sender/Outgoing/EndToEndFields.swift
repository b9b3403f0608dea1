internal import JSON
internal import Webhooks

extension Headers {
  /// The fields that belong to the request and not to the one connection that it came over (RFC 9110, 7.6.1): on the
  /// next one the others would be wrong. `Host` and the length of the body are that connection's, too.
  var endToEnd: [Headers.Field] {
    let named = namedByConnection
    return filter { !Self.isOfOneConnection($0.name, named) }
  }

  /// The fields that a `Connection` field names, which go no further than it does.
  /// In lower case and as a set: thousands of names may stand before thousands of fields.
  private var namedByConnection: Set<ByteString> {
    var names: Set<ByteString> = []
    for value in all("Connection") {
      for name in value.split(separator: UInt8(ascii: ",")) {
        names.insert(ByteString(name).trimmingSpaces.asciiLowercased)
      }
    }
    return names
  }

  /// By the length of the name, since each field is looked for among them.
  private static let connectionFields = Dictionary(
    grouping: [
      "Host", "Connection", "Keep-Alive", "Transfer-Encoding", "TE", "Trailer", "Upgrade", "Expect",
      "Content-Length",
    ], by: \.utf8.count)

  private static func isOfOneConnection(_ name: ByteString, _ named: Set<ByteString>) -> Bool {
    connectionFields[name.count]?.contains { name.equalsIgnoringASCIICase($0) } == true
      || name.first?.asciiLowercased == UInt8(ascii: "p") && name.cut(to: 6).equalsIgnoringASCIICase("Proxy-")
      || (!named.isEmpty && named.contains(name.asciiLowercased))
  }
}
