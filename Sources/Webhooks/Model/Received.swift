internal import JSON

extension Incident {
  /// The first bytes of what came and was no delivery: its head as it was sent, where it had one, and what stood
  /// behind it.
  ///
  /// What only its sender and whom it was meant for may know is not in it: `*` stands for each byte of the values of
  /// `Authorization`, `Cookie` and the like.
  public struct Received: Sendable, Equatable {
    /// The most that is kept of one incident, in bytes.
    public static let limit = 4096

    public let bytes: [UInt8]
    /// How many bytes had come in all.
    public let count: Int

    /// - Parameter count: how many bytes had come, of which these are the first.
    public init(_ bytes: some Collection<UInt8>, of count: Int) {
      var kept = Array(bytes.prefix(Self.limit))
      kept.hideCredentials()
      self.bytes = kept
      self.count = max(count, bytes.count)
    }

    /// Returns the same without the signing secrets of `keyring`, where they stand in it.
    public func hiding(_ keyring: Keyring) -> Received {
      Received(bytes.hiding(keyring), of: count)
    }

    /// How many bytes the head takes with the blank line that ends it; nil if there is no whole head.
    public var headCount: Int? { bytes.endOfHead }
  }
}

extension [UInt8] {
  /// The fields whose values are for nobody else.
  private static let credentials = [
    "authorization", "proxy-authorization", "cookie", "x-api-key", "api-key", "x-auth-token",
    "x-gitlab-token",
  ]

  /// Whether a header field of this name holds what only its receiver may know.
  public var namesCredential: Bool { Self.isCredential(self[...]) }

  /// Returns the same with `*` in the place of each byte of the keyring's secrets, wherever and however they are written.
  public func hiding(_ keyring: Keyring) -> [UInt8] {
    var kept = self
    for secret in keyring.secrets { for text in secret.spellings { kept.hide(text) } }
    return kept
  }

  /// Where a head of HTTP ends that begins here: behind its blank line.
  public var endOfHead: Int? {
    // Blank lines before a request are passed over.
    var at = firstIndex { $0 != 0x0D && $0 != 0x0A } ?? count
    while let end = newline(from: at) {
      let next = end + 1
      if next < count, self[next] == 0x0A { return next + 1 }
      if next + 1 < count, self[next] == 0x0D, self[next + 1] == 0x0A { return next + 2 }
      at = next
    }
    return nil
  }

  /// Puts `*` in the place of the values of credentials, in the lines up to the first blank one.
  fileprivate mutating func hideCredentials() {
    var (start, isHidden) = (0, false)
    let limit = endOfHead ?? count
    while start < limit {
      let end = Swift.min(newline(from: start) ?? limit, limit)
      // A line that begins with a blank goes on with the value before it.
      let isFolded = self[start].isSpaceOrTab
      let colon = self[start..<end].firstIndex(of: UInt8(ascii: ":"))
      if !isFolded { isHidden = colon.map { Self.isCredential(self[start..<$0]) } ?? false }
      if isHidden { hideValue(isFolded ? start..<end : (colon ?? start) + 1..<end) }
      start = end + 1
    }
  }

  private static func isCredential(_ name: ArraySlice<UInt8>) -> Bool {
    let name = String(decoding: name.trimmingSpaces, as: UTF8.self).asciiLowercased
    return credentials.contains { $0.utf8.elementsEqual(name.utf8) }
  }

  private mutating func hideValue(_ range: Range<Int>) {
    for index in range where !self[index].isSpaceOrTab && self[index] != 0x0D {
      self[index] = UInt8(ascii: "*")
    }
  }

  /// Puts `*` in the place of `secret` wherever it stands, and of its beginning where it is cut off at the end.
  fileprivate mutating func hide(_ secret: [UInt8]) {
    for range in PayloadSearch(bytes: secret).matches(in: self).ranges { hideValue(range) }
    let longest = Swift.min(secret.count, count)
    guard
      let cut = (4..<Swift.max(4, longest)).reversed().first(where: {
        suffix($0).elementsEqual(secret.prefix($0))
      })
    else { return }
    hideValue(count - cut..<count)
  }
}
