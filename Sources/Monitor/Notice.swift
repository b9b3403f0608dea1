public import Screen

/// One sentence shown in the bottom line until the next key.
public struct Notice: Sendable, Equatable {
  public let text: String
  public let role: Role

  init(_ text: String, _ role: Role = .info) {
    self.text = text
    self.role = role
  }
}
