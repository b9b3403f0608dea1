public import Screen

/// What stays the same while the program runs: where it listens, what the user's terminal and zone are.
public struct Setting: Sendable {
  /// The receiver's address, as `http://127.0.0.1:4747`.
  public var address: String
  /// In seconds.
  public var tolerance: Double
  public var charset: Charset
  /// The user's time zone, in seconds east of UTC.
  public var utcOffset: Int
  /// One sentence to greet with.
  public var greeting: String?

  public init(
    address: String, tolerance: Double = 300, charset: Charset = .utf8,
    utcOffset: Int = 0, greeting: String? = nil
  ) {
    self.address = address
    self.tolerance = tolerance
    self.charset = charset
    self.utcOffset = utcOffset
    self.greeting = greeting
  }
}
