internal import Screen

/// One step of the story that `hooktop demo --life` tells: the life of a webhook, from the API that registers it to what
/// it has missed.
public enum LifeStep: Int, CaseIterable, Sendable {
  case start, register, test, breakSecret, fixSecret, rotate, pause, resume, retries, missed, catchUp

  var title: String {
    switch self {
    case .start: "Start the sandbox"
    case .register: "Register a webhook"
    case .test: "Send a test event"
    case .breakSecret: "Break the secret"
    case .fixSecret: "Fix the secret"
    case .rotate: "Rotate the secret"
    case .pause: "Pause the webhook"
    case .resume: "Resume it"
    case .retries: "Answer 500 three times"
    case .missed: "Miss a capture"
    case .catchUp: "Catch up"
    }
  }

  /// What happens in it, in a sentence or two that fit on two rows of 80 columns.
  var caption: String {
    switch self {
    case .start:
      "The sandbox stands in for Parlay and Parable: a real HTTP API on this machine. No account is needed, and nothing leaves this machine."
    case .register:
      "POST /v1/webhooks registers this receiver. Only this response holds the signing secret; hooktop verifies with it from now on."
    case .test:
      "POST /v1/webhooks/ID/test has Parlay send webhook.test. The Signature pane shows that the secret matches, and that the time is right."
    case .breakSecret:
      "The receiver's copy of the secret now lacks its prefix whsec_. The next event is refused with 401; the Signature pane proves why."
    case .fixSecret:
      "The receiver has the whole secret again. A new event verifies, and so do further retries of the refused one."
    case .rotate:
      "POST /v1/webhooks/ID/rotate makes a new secret, and the old one stops at once. hooktop takes the new one, and the next event verifies."
    case .pause:
      "PATCH paused: true pauses the webhook. Three events happen and none arrives: Parlay queues them for up to 24 hours."
    case .resume:
      "PATCH paused: false releases the queue. It arrives as a burst, so an app must be able to take many at once."
    case .retries:
      "The receiver answers 500 three times. Parlay retries after 1, 5 and 25 minutes, here 600 times as fast; the Signature pane predicts each."
    case .missed:
      "The receiver closes every connection of Parable's, as an app that is down does. A capture is processed, and its push does not get through."
    case .catchUp:
      "The receiver answers again. GET /api/v1/captures lists every capture, so an app that was down need not wait for a retry."
    }
  }
}

/// How far a step of the story has come.
public enum LifeProgress: Sendable, Equatable {
  /// What is waited for.
  case going(String)
  /// What came of it, and the delivery that shows it.
  case done(String, delivery: UInt64? = nil)
  case failed(String)

  var isGoing: Bool { if case .going = self { true } else { false } }
}

/// The story as it stands: the steps that were begun, and the one that is shown.
struct LifeStory: Sendable {
  /// Of the steps that were begun, in their order.
  private(set) var progress: [LifeProgress] = []
  /// How many steps there are up to the one that is shown; 0 before the first.
  private(set) var shown = 0

  static let steps = LifeStep.allCases

  /// The step that is shown; nil before the first.
  var step: LifeStep? { shown == 0 ? nil : Self.steps[shown - 1] }
  /// How far the shown step has come; nil before the first.
  var state: LifeProgress? { shown == 0 ? nil : progress[shown - 1] }
  /// The delivery that the shown step is about.
  var delivery: UInt64? { if case .done(_, let delivery) = state { delivery } else { nil } }

  var reasonForNoNext: String? {
    guard shown == progress.count else { return nil }
    if state?.isGoing == true { return "This step is still going on" }
    if case .failed = state { return nil }
    return shown == Self.steps.count ? "This was the story's last step" : nil
  }

  /// Shows the next step; gives it where it is to be done now, which one that has failed is again.
  mutating func goOn() -> LifeStep? {
    guard shown == progress.count else {
      shown += 1
      return nil
    }
    if case .failed = state { progress.removeLast() } else { shown += 1 }
    progress.append(.going("waiting"))
    return step
  }

  mutating func goBack() { shown -= 1 }

  /// Takes how far a step has come; gives whether it is the one that is shown.
  mutating func take(_ news: LifeProgress, of step: LifeStep) -> Bool {
    guard progress.indices.contains(step.rawValue) else { return false }
    progress[step.rawValue] = news
    return step == self.step
  }

  /// How many rows of a screen it takes.
  static func rows(on size: Size) -> Int {
    if size.rows < 12 { return 1 }
    if size.rows < 20 { return 2 }
    return size.columns < 80 ? 5 : 4
  }
}

extension Model {
  private static let noStory = "Only hooktop demo --life tells a story"

  var reasonForNoNextStep: String? { life == nil ? Self.noStory : life?.reasonForNoNext }

  var reasonForNoStepBack: String? {
    guard let life else { return Self.noStory }
    return life.shown == 0 ? "This is the beginning of the story" : nil
  }

  var reasonForNoStory: String? { life == nil ? Self.noStory : nil }

  /// Does the next step of the story, or shows it where it was done before.
  mutating func goOnWithStory() -> [Effect] {
    guard let step = life?.goOn() else {
      selectOfStory()
      return []
    }
    // What the step brings is to be seen.
    list.follow()
    return [.order(.tell(step))]
  }

  /// Shows the step before, and the delivery that it was about; what has happened stays.
  mutating func goBackInStory() {
    life?.goBack()
    selectOfStory()
  }

  /// Ends the story: what arrives is still watched.
  mutating func stopStory() -> [Effect] {
    life = nil
    clampViewports()
    notice = Notice("The story has ended, and the sandbox with it; deliveries are still received")
    return [.order(.endLife)]
  }

  mutating func take(_ progress: LifeProgress, of step: LifeStep) {
    if life?.take(progress, of: step) == true { selectOfStory() }
  }

  /// Selects the delivery that the shown step is about, unless a filter leaves it out.
  private mutating func selectOfStory() {
    guard let sequence = life?.delivery else { return }
    list.stopFollowing()
    _ = list.select(sequence, height: listHeight)
  }
}
