/// What becomes of a connection after an answer, which the answer says.
enum Persistence: Int, CaseIterable {
  /// It stays open, as HTTP/1.1 has it without a word.
  case open
  /// It stays open, and HTTP/1.0 must be told so.
  case openByRequest
  case close

  init(minorVersion: Int, facts: HeadFacts) {
    if facts.asksClose || facts.asksUpgrade {
      self = .close
    } else if minorVersion == 0 {
      self = facts.asksKeepAlive ? .openByRequest : .close
    } else {
      self = .open
    }
  }
}
