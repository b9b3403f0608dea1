/// What becomes of a connection after an answer, which the answer says.
enum Persistence: Int, CaseIterable {
  /// It stays open, as HTTP/1.1 has it without a word.
  case open
  /// It stays open, and HTTP/1.0 must be told so.
  case openByRequest
  case close

  /// Never longer than the parser goes on: it counts `Proxy-Connection` too, and reads white space its own way.
  init(_ head: RequestHead, _ facts: HeadFacts) {
    if facts.asksClose || facts.asksUpgrade || !head.keepsAlive {
      self = .close
    } else if head.minorVersion == 0 {
      self = facts.asksKeepAlive ? .openByRequest : .close
    } else {
      self = .open
    }
  }
}
