internal import JSON

/// Where a provider's API is, and the key that it wants; printing it never shows the key.
public struct APIAccess: Sendable {
  /// The address in front of every path, without a slash at its end: `http://127.0.0.1:4800`.
  public let url: String
  /// Whether the API is hooktop's own stand-in: the key is one of its keys, and the address is this machine.
  ///
  /// Both, since the provider's documentation has keys that begin in the same way.
  public let isSandbox: Bool
  let key: String

  private static let sandboxPrefix = "pk_sandbox_"

  /// - Parameter key: as its provider shows it, without the newline of a file.
  /// - Throws: `APIAccessError`, without the key.
  public init(url: String, key: [UInt8]) throws(APIAccessError) {
    guard let address = AppURL(url), !url.contains("?"), !url.contains("#") else { throw .notAURL(url) }
    let isLocal = address.isLoopback
    guard isLocal || url.prefix(8).lowercased() == "https://" else { throw .unencrypted(url) }
    guard !key.isEmpty, key.count <= 4096, key.allSatisfy({ (0x21..<0x7F).contains($0) }) else {
      throw .notAKey
    }
    self.url = String(url.trimmedEnd { $0 == "/" })
    self.key = String(decoding: key, as: UTF8.self)
    isSandbox = isLocal && self.key.hasPrefix(Self.sandboxPrefix)
  }
}

extension APIAccess: CustomStringConvertible, CustomReflectable {
  // Printing, interpolating and dumping a value all end here, so none of them can show the key.
  public var description: String { url }
  public var customMirror: Mirror { Mirror(self, children: ["url": url]) }
}

/// Why an API can't be asked with what was given.
public enum APIAccessError: Error, Equatable, CustomStringConvertible {
  case notAURL(String)
  /// The key would go over a network that others read.
  case unencrypted(String)
  case notAKey

  public var description: String {
    switch self {
    case .notAURL(let text):
      "'\(text)' is not the address of an API, which is such as https://HOST or http://127.0.0.1:4800"
    case .unencrypted(let url):
      "\(url) would send the API key unencrypted: use https, or an address of this machine"
    case .notAKey:
      "the API key is empty, or holds a space or a character that is not ASCII: copy it again, without quotes"
    }
  }
}
