internal import JSON

/// Tells URLs that can be posted to from other text.
public enum WebURL {
  /// Returns whether `text` begins as an http or https URL with a host does.
  public static func isOne(_ text: String) -> Bool { authority(of: text)?.isEmpty == false }

  /// Returns whether the client can open such a URL: it would trap on a port above 65535.
  static func canBeOpened(_ text: String) -> Bool {
    guard let authority = authority(of: text), !authority.isEmpty else { return false }
    let host = authority.split(separator: "@").last ?? ""
    guard let colon = host.lastIndex(of: ":") else { return true }
    let port = host[host.index(after: colon)...]
    return port.isEmpty || port.contains("]") || UInt16(port) != nil
  }

  /// The URL with what can't stand in one as `%XX`: spaces, controls, and all that is not ASCII.
  static func escaped(_ text: String) -> String {
    text.utf8.map { byte in
      byte > 0x20 && byte < 0x7F ? String(Unicode.Scalar(byte)) : "%" + Hex.text([byte]).uppercased()
    }.joined()
  }

  /// Host and port, and a user where one is named; nil if it is no http or https URL.
  private static func authority(of text: String) -> Substring? {
    let scheme = text.prefix { $0 != ":" }
    let rest = text.dropFirst(scheme.count)
    guard ["http", "https"].contains(scheme.lowercased()), rest.hasPrefix("://") else { return nil }
    return rest.dropFirst(3).prefix { !"/?#".contains($0) }
  }
}
