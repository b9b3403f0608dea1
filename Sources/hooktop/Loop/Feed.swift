internal import Monitor
internal import OperatingSystem
internal import Screen
internal import Webhooks

/// What brings the screen its deliveries: a receiver at work, or a recorded session.
protocol Feed {
  var source: Source { get }
  /// The senders that are known.
  var providers: Providers { get }
  /// The paths with names of their own.
  var endpoints: Endpoints { get }
  /// The signing secrets to begin with.
  var keyring: Keyring { get }
  /// In seconds.
  var tolerance: Double { get }
  /// How many times as fast as documented the senders try again.
  var timeScale: Double { get }
  /// The app that deliveries go on to, in words; nil if none do.
  var forward: String? { get }
  /// Where the user can send deliveries to.
  var apps: Apps { get }
  /// The providers' own APIs.
  var apis: APIs { get }
  /// That of the receiver's certificate, where it speaks TLS.
  var fingerprint: String? { get }
  /// The file that was given to be recorded to.
  var recordPath: String? { get }
  /// What is hidden in everything that is exported.
  var redaction: Redaction { get }
  /// What keeps the deliveries, asked for those that tell something about another one.
  var kept: any Kindred { get }
  /// Wakes the loop when there is something to read.
  var waker: Waker { get }
  /// Whether the mouse is on at first; nil for as it was last.
  var usesMouse: Bool? { get }
  /// Whether the story of a webhook's life is told.
  var tellsLife: Bool { get }
  /// Whether quitting loses deliveries that somebody may want.
  var losesDeliveries: Bool { get }
  /// What the user is told when the program is stopped, as by C-z.
  var wordsOnStopping: String { get }

  /// What has come since it was last read.
  mutating func read() -> [Message]

  /// The background that the theme is to be for from now on; nil if that has not changed.
  mutating func takeBackground() -> Background?

  /// Verifies with these secrets what comes from now on.
  func use(_ keyring: Keyring)

  /// Begins what the user has ordered, and returns what is to be told at once.
  mutating func begin(_ order: Order) -> [Message]

  /// Keeps what happened to a delivery with it, and gives it with what is read.
  func keep(_ outcome: Outcome, of sequence: UInt64)

  /// Counts deliveries among the verified attempts at their events from now on.
  func join(_ sequences: [UInt64])

  /// Marks deliveries, or takes their marks away; gives what has come since it was last read, and what came of it.
  mutating func mark(_ sequences: [UInt64], _ isMarked: Bool) -> [Message]
}

extension Feed {
  var fingerprint: String? { nil }
  var endpoints: Endpoints { Endpoints() }
  var usesMouse: Bool? { nil }
  func takeBackground() -> Background? { nil }
  var timeScale: Double { 1 }
  var forward: String? { nil }
  var apps: Apps { Apps() }
  var apis: APIs { APIs() }
  var tellsLife: Bool { false }
  var redaction: Redaction { Redaction() }
  var recordPath: String? { nil }

  // What is recorded stays as it is.
  func begin(_ order: Order) -> [Message] { [] }
  func join(_ sequences: [UInt64]) {}
  var losesDeliveries: Bool { false }
}
