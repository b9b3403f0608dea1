public import Screen

/// What stays the same while the program runs: what is shown, what the user's terminal and zone are.
public struct Setting: Sendable {
  public var source: Source
  /// In seconds.
  public var tolerance: Double
  public var charset: Charset
  /// The user's time zone, in seconds east of UTC.
  public var utcOffset: Int
  /// One sentence to greet with.
  public var greeting: String?
  /// The SHA-256 of the receiver's certificate, as `AB:CD:…`; nil where it speaks no TLS.
  public var fingerprint: String?

  public init(
    source: Source, tolerance: Double = 300, charset: Charset = .utf8,
    utcOffset: Int = 0, greeting: String? = nil, fingerprint: String? = nil
  ) {
    self.source = source
    self.tolerance = tolerance
    self.charset = charset
    self.utcOffset = utcOffset
    self.greeting = greeting
    self.fingerprint = fingerprint
  }
}
