internal import JSON
internal import Webhooks

extension Headers {
  /// The fields that belong to the request and not to the one connection that it came over (RFC 9110, 7.6.1): on the
  /// next one the others would be wrong. `Host` and the length of the body are that connection's, too.
  var endToEnd: Headers {
    let named = namedByConnection
    var kept = Headers()
    kept.reserve(lines: lines.count, fields: count)
    for field in self where !Self.isOfOneConnection(field.name, named) { kept.append(field) }
    return kept
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

  private static func isOfOneConnection(_ name: ByteString, _ named: Set<ByteString>) -> Bool {
    isOfConnection(name)
      || name.first?.asciiLowercased == UInt8(ascii: "p") && name.cut(to: 6).equalsIgnoringASCIICase("Proxy-")
      || (!named.isEmpty && named.contains(name.asciiLowercased))
  }

  /// By the length of the name, since each field is asked.
  private static func isOfConnection(_ name: ByteString) -> Bool {
    switch name.count {
    case 2: name.equalsIgnoringASCIICase("TE")
    case 4: name.equalsIgnoringASCIICase("Host")
    case 6: name.equalsIgnoringASCIICase("Expect")
    case 7: name.equalsIgnoringASCIICase("Trailer") || name.equalsIgnoringASCIICase("Upgrade")
    case 10: name.equalsIgnoringASCIICase("Connection") || name.equalsIgnoringASCIICase("Keep-Alive")
    case 14: name.equalsIgnoringASCIICase("Content-Length")
    case 17: name.equalsIgnoringASCIICase("Transfer-Encoding")
    default: false
    }
  }
}
