public import DequeModule
internal import JSON
public import Screen
public import Webhooks

/// Everything that the screen shows and every key acts on; only `update` changes it.
public struct Model: Sendable {
  public internal(set) var setting: Setting
  public internal(set) var size: Size
  public internal(set) var list = DeliveryList()
  /// The signing secrets, retired ones too.
  public internal(set) var keyring: Keyring
  public internal(set) var counts = Journal.Counts()
  /// The newest incidents, oldest first.
  public internal(set) var incidents: Deque<Incident> = []
  /// Deliveries that were pushed out of the ring before they could be shown.
  public internal(set) var missed = 0
  /// Why what comes is not stored and refused, until something is stored again.
  public internal(set) var alarm: String?
  /// How far the recorded session has been read; nil if a receiver is at work.
  public internal(set) var loading: Loading?
  public internal(set) var filters = QuickFilters()
  /// The filters that Esc has cleared last, and that can be brought back.
  var clearedFilters: QuickFilters?
  public internal(set) var notice: Notice?
  public internal(set) var isFinished = false
  /// The file that is recorded to; nil if nothing is recorded.
  var recording: String?
  /// The file that is offered to be recorded to.
  var recordPath: String
  /// How many deliveries have come that are recorded nowhere.
  var unrecorded = 0
  /// Whether the terminal reports the mouse.
  var usesMouse: Bool
  /// The moment of the last message.
  var now = Timestamp(microseconds: 0)

  var focus = Pane.deliveries
  /// The pane below the list where the screen is too narrow for all of them.
  var detail = Pane.signature
  /// The pane below the body where all of a delivery is shown.
  var lower = Pane.headers
  var isMaximised = false
  /// The details were maximised from the list, which is gone back to.
  var wasOpened = false
  var wraps = false
  var bodyMode = PayloadMode.pretty
  /// What the signature, body and headers panes show; nil if no delivery is selected.
  var inspection: Inspection?
  /// The selected delivery while its request, which is in a file, is read in the background.
  var fetch: Fetch?
  /// What is selected in place of an evicted delivery that the user reads, which stays on the screen until left.
  var standIn: UInt64?
  /// The text searched for in each pane.
  var searches: [Pane: String] = [:]
  var diagnoses = DiagnosisLog()
  var attemptsInView: AttemptsInView?
  /// What is kept, verified with other secrets than when it arrived; nil if that was not done.
  var recheck: Recheck?
  var minutes = MinuteCounts()
  /// The search of the list that goes on in the background.
  var finding: LongSearch?
  /// The number of the last one.
  var lastFinding = 0
  /// Counts the changes of the secrets: what was found out with earlier ones does not count any more.
  var generation = 0
  /// The number of the last what-if.
  var lastTrial = 0
  /// The number of the last string that was shown as text.
  var lastText = 0
  /// The number of the last field that was looked at over time.
  var lastField = 0
  var panels = PanelStack()
  /// The endpoints that deliveries have been sent to.
  var endpointNames: Set<String> = []
  /// As wide as the widest name of a provider that has come: it never shrinks, so that no arrival moves a column back.
  var providerWidth = 8
  /// The widest that it becomes: the longest name that hooktop comes with has 17 letters.
  static let widestProvider = 20
  /// What senders are told in place of what the verdict or the app says.
  var armed: [AnswerRules.Armed] = []
  /// The URL that the user gave for an app last.
  var appURL: String?
  /// The ids that the user has given webhooks of providers last.
  var webhookID: [Provider: String] = [:]
  /// The number of the last comparison of two deliveries.
  var lastComparison = 0
  /// The number of the last check, or of the last replay of several deliveries.
  var lastErrand = 0
  /// The story that is told; nil if none is.
  var life: LifeStory?
  /// What the screen goes by while others look on; nil for what was received.
  var presentation: Presentation?
  /// How many presentations there have been.
  var presentations = 0
  /// The paths that were chosen for the last one; nil if there was none.
  var presentedPaths: [String]?
  /// The key that was pressed last in a presentation, unless it was typed into a line.
  var lastKey: Key?
  var filterHistory: [String] = []
  var searchHistory: [String] = []

  /// How many incidents are remembered; all are counted.
  static let incidentLimit = 1000

  public init(setting: Setting, keyring: Keyring, size: Size) {
    self.setting = setting
    self.keyring = keyring
    self.size = size
    loading = setting.source.isSession ? Loading() : nil
    usesMouse = setting.usesMouse
    recordPath = setting.recordPath ?? "session.ndjson"
    if case .receiver(_, let record) = setting.source { recording = record }
    notice = setting.greeting.map { Notice($0) }
    life = setting.tellsLife ? LifeStory() : nil
    if setting.forward != nil { lower = .app }
    if let filter = setting.filter {
      filters.set(typed: filter.text, filter.filter)
      applyFilters()
    }
  }

  /// What was seen, in one line for when the screen is gone: `1,204 received, 3 failed, not recorded`.
  public var summary: String {
    let some = self.unrecorded < counts.received ? "\(Wording.grouped(self.unrecorded)) " : ""
    let unrecorded = setting.losesDeliveries && self.unrecorded > 0 ? ", \(some)not recorded" : ""
    let evicted = counts.evicted > 0 ? ", \(Wording.grouped(counts.evicted)) evicted" : ""
    return "\(Wording.grouped(counts.received)) \(setting.source.counted), "
      + "\(Wording.grouped(counts.failed)) failed\(evicted)\(unrecorded)"
  }

  /// Ends the loop, as a signal does.
  public mutating func finish() {
    isFinished = true
  }

  var layout: Layout {
    Layout(
      size: size, focus: focus, detail: detail, lower: lower, isMaximised: isMaximised,
      storyRows: life == nil ? 0 : LifeStory.rows(on: size), verdict: largeVerdict?.size)
  }

  /// Where the next key goes.
  var mode: Mode { panels.top.map { .panel(type(of: $0)) } ?? .pane(focus) }
}
