public import Screen
public import Webhooks

/// What stays the same while the program runs: what is shown, what the user's terminal and zone are.
public struct Setting: Sendable {
  public var source: Source
  /// The senders that are known.
  public var providers: Providers
  /// The paths with names of their own.
  public var endpoints: Endpoints
  /// In seconds.
  public var tolerance: Double
  public var charset: Charset
  /// The user's time zone.
  public var zone: Zone
  /// How many times as fast as documented the senders try again.
  public var timeScale: Double
  /// One sentence to greet with.
  public var greeting: String?
  /// What the list shows at first; nil for all.
  public var filter: TypedFilter?
  /// What keeps the deliveries, asked when a job starts.
  public var kept: any Kindred
  /// Whether quitting loses deliveries that somebody may want.
  public var losesDeliveries: Bool
  /// The app that deliveries go on to, in words for the screen; nil if none do.
  public var forward: String?
  /// Where deliveries can be sent to.
  public var apps: Apps
  /// The providers' own APIs.
  public var apis: APIs
  /// The SHA-256 of the receiver's certificate, as `AB:CD:…`; nil if it speaks no TLS.
  public var fingerprint: String?
  /// The file that was given to be recorded to.
  public var recordPath: String?
  /// Whether the terminal reports the mouse at the start.
  public var usesMouse = false
  /// What is hidden in everything that leaves hooktop.
  public var redaction = Redaction()
  /// Bodies that the documentation of an event shows; none where it is not documented.
  public var documented: @Sendable (Envelope) -> [[UInt8]] = { _ in [] }
  /// Whether others look on.
  var isPresenting = false
  /// Whether nothing is shown that may quote values which a presentation hides.
  var hidesEvidence = false
  /// Whether the story of a webhook's life is told.
  public var tellsLife: Bool

  public init(
    source: Source, providers: Providers, tolerance: Double = 300, charset: Charset = .utf8,
    zone: Zone = .utc, greeting: String? = nil, filter: TypedFilter? = nil, fingerprint: String? = nil,
    kept: any Kindred, losesDeliveries: Bool = false, forward: String? = nil,
    apps: Apps = Apps(), apis: APIs = APIs(), timeScale: Double = 1, tellsLife: Bool = false,
    endpoints: Endpoints = Endpoints()
  ) {
    self.endpoints = endpoints
    self.tellsLife = tellsLife
    self.apis = apis
    self.timeScale = timeScale
    self.apps = apps
    self.forward = forward
    self.kept = kept
    self.losesDeliveries = losesDeliveries
    self.source = source
    self.providers = providers
    self.tolerance = tolerance
    self.charset = charset
    self.zone = zone
    self.greeting = greeting
    self.filter = filter
    self.fingerprint = fingerprint
  }
}

/// A filter, and the text that says so to the user.
public struct TypedFilter: Sendable, Equatable {
  public let text: String
  public let filter: Filter

  public init(text: String, filter: Filter) {
    self.text = text
    self.filter = filter
  }
}

/// Where the deliveries on the screen come from, and the words that depend on it.
public enum Source: Sendable, Equatable {
  /// A receiver at work, at an address such as `http://127.0.0.1:4747`, and the file that it records to.
  case receiver(address: String, record: String? = nil)
  /// A recorded session in a file of this name: nothing arrives, and no verdict changes.
  case session(name: String)

  var isSession: Bool {
    if case .session = self { true } else { false }
  }

  /// What the counted deliveries have been.
  var counted: String { isSession ? "loaded" : "received" }

  /// What goes on while the screen is too small to be drawn.
  var background: String { isSession ? "nothing is lost" : "receiving goes on" }

  /// What freezing the view does not stop.
  var unfrozen: String {
    isSession ? "the session goes on loading" : "deliveries are still received and kept"
  }

  /// What becomes of a secret that the user has added.
  var useOfSecret: String {
    isSession
      ? "explains failures from now on; recorded verdicts stay"
      : "is active; earlier verdicts stay as they are"
  }

  /// What a secret has to do with the deliveries that its label stands with: a recorded label may be another
  /// secret's.
  var signing: String { isSession ? "named in" : "signed" }

  /// The time window that verdicts were given with; `tolerance` is today's, in seconds.
  func window(tolerance: Double) -> String {
    isSession ? "the window of that time" : Durations.words(tolerance)
  }
}

/// One sentence shown in the bottom line until the next key.
public struct Notice: Sendable, Equatable {
  public let text: String
  public let role: Role

  init(_ text: String, _ role: Role = .info) {
    self.text = text
    self.role = role
  }
}
