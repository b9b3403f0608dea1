public import Diagnosis
public import Webhooks

/// Something that the user has hooktop do beyond the screen; messages tell what comes of it.
public enum Order: Sendable {
  /// Send a delivery to an app again.
  case replay(ReplayOrder)
  /// Send several deliveries again, one after the other.
  case replayAll(BatchOrder)
  /// Find out what an app accepts.
  case check(CheckOrder)
  /// Call the API of a delivery's provider.
  case call(ProviderOrder)
  /// End the check, the replay of several deliveries, or the call of an API, of this number.
  case stop(Int)
  /// Tell the next deliveries' senders what this rule says.
  case arm(AnswerRule)
  /// Tell all senders again what the verdict or the app says.
  case disarmAll
  /// Do this step of the story.
  case tell(LifeStep)
  /// End the story, with the sandbox that it is told in.
  case endLife
  /// Put this on the clipboard.
  case copy(CopyOrder)
  /// Record to this file from now on; nil: no more.
  case record(String?)
  /// Drop all kept deliveries but the marked ones.
  case clear
  /// Have the terminal report the mouse, or leave it alone.
  case mouse(Bool)
  /// Write these deliveries to a file.
  case export(ExportOrder)
}

/// A delivery that is to be sent to an app again, as a new one.
public struct ReplayOrder: Sendable {
  public let delivery: Delivery
  public let url: String
  /// Signs it now; nil: it goes as it was.
  public let secret: SigningSecret?
  /// What the user has made of its request; nil: nothing.
  public var edited: Request?

  public init(delivery: Delivery, url: String, secret: SigningSecret?, edited: Request? = nil) {
    (self.delivery, self.url, self.secret, self.edited) = (delivery, url, secret, edited)
  }
}

/// Several deliveries that are to be sent again, in order.
public struct BatchOrder: Sendable {
  /// Which of the orders of this run it is.
  public let number: Int
  public let replays: [ReplayOrder]
}

/// A check of what an app accepts, with probes made from a delivery.
public struct CheckOrder: Sendable {
  /// Which of the orders of this run it is.
  public let number: Int
  public let delivery: Delivery
  public let url: String
  public let provider: Provider
  /// The app's, which the good probes are signed with.
  public let secret: SigningSecret
}

/// What came of a replay.
public enum ReplayResult: Sendable {
  /// It is a delivery of its own now, and the app said this.
  case sent(sequence: UInt64, Exchange)
  /// It was not sent, and why.
  case failed(String)
}

/// What comes of the replay of several deliveries.
public enum BatchStep: Sendable {
  /// The next one was sent, or could not be.
  case done(ReplayResult)
  /// All were sent, or the user has ended it.
  case finished
}

/// How far a check has come.
public struct CheckProgress: Sendable {
  public let number: Int
  public var report = CheckReport()
  /// What came of the probe in each row of the report.
  public var exchanges: [Exchange] = []
  public var isFinished = false
  /// Why the check ended before its time; nil if it did not.
  public var failure: Exchange.Failure?

  public init(number: Int) {
    self.number = number
  }
}

/// The apps that deliveries can be sent to.
public struct Apps: Sendable {
  /// The URL that such deliveries are forwarded to; nil if they are not.
  public var url: @Sendable (Delivery) -> String?
  /// Why a text is not the URL of an app, in a sentence; nil if it is one.
  public var fault: @Sendable (String) -> String?

  public init(
    url: @escaping @Sendable (Delivery) -> String? = { _ in nil },
    fault: @escaping @Sendable (String) -> String? = { _ in nil }
  ) {
    self.url = url
    self.fault = fault
  }
}
