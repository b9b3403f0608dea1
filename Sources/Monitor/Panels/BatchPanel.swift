internal import JSON
internal import Screen
internal import Webhooks

/// The marked deliveries, to be sent to the app again, one after the other: what is sent and what came of it.
struct BatchPanel: Popup {
  static let title = "Replay marked"

  /// What came of one of them, in words.
  private struct Outcome {
    let text: String
    let role: Role
    let isAccepted: Bool
  }

  private enum State: Sendable {
    case offered
    case sending(number: Int)
    case finished
  }

  private let deliveries: [Delivery]
  /// Where they go: many have few URLs.
  private let urls: Set<String>
  /// One of each provider's.
  private let samples: [Delivery]
  private var outcomes: [Outcome] = []
  private var state = State.offered
  /// Whether each is signed again before it is sent.
  private var signs = false
  var viewport = Viewport()

  /// - Parameter deliveries: oldest first.
  init(_ deliveries: [Delivery], in model: Model) {
    self.deliveries = deliveries
    urls = Set(deliveries.map { Self.url(of: $0, model) })
    samples = Array(
      Dictionary(deliveries.map { ($0.envelope.provider, $0) }) { first, _ in first }.values
    ).sorted { $0.sequence < $1.sequence }
  }

  static let actions: [Action] = [
    action(
      "replay marked", [.enter], .app, "Replay the marked deliveries, oldest first.", hint: "replay all",
      unavailable: { panel, _ in panel.isOffered ? nil : "They were sent already: press Esc, then r again" },
      perform: { $0.begin(in: &$1) }),
    action(
      "sign again", [.character("s")], .app, "Toggle signing each again before it is sent.", hint: "sign",
      unavailable: { $0.reasonUnsigned(in: $1) },
      perform: { panel, _ in
        panel.signs.toggle()
        return []
      }),
    action(
      "replay only the selected", [.character("o")], .app, "Replay only the selected delivery.",
      hint: "only the selected",
      unavailable: { panel, model in
        panel.isOffered ? model.reasonForNoSelection : "The marked ones are sent already"
      },
      perform: { _, model in
        model.panels.pop()
        return model.replaySelected()
      }),
    action(
      "stop replaying", [.escape, .character("q")], .app, "Stop replaying and close the popup.",
      hint: "close", change: { $0.stop(in: &$1) }),
  ]

  var errand: Int? { if case .sending(let number) = state { number } else { nil } }
  private var isOffered: Bool { if case .offered = state { true } else { false } }

  private func reasonUnsigned(in model: Model) -> String? {
    guard isOffered else { return "They were sent already" }
    guard let other = samples.first(where: { model.secret(for: $0) == nil }) else { return nil }
    return "There is no secret to sign #\(other.sequence) with: press S to add one"
  }

  private mutating func begin(in model: inout Model) -> [Effect] {
    model.lastErrand += 1
    let number = model.lastErrand
    state = .sending(number: number)
    let replays = deliveries.map { delivery in
      ReplayOrder(
        delivery: model.original(delivery), url: Self.url(of: model.original(delivery), model),
        secret: signs ? model.secret(for: delivery) : nil)
    }
    return [.order(.replayAll(BatchOrder(number: number, replays: replays)))]
  }

  /// Where a delivery goes; the user was asked for one where that was not known.
  private static func url(of delivery: Delivery, _ model: Model) -> String {
    model.setting.apps.url(delivery) ?? model.appURL ?? ""
  }

  private func stop(in model: inout Model) {
    model.panels.pop()
    if errand != nil { model.notice = Notice("Stopped after \(progress); one was on its way", .warning) }
  }

  mutating func take(_ message: Message, in model: Model) -> [Effect] {
    if case .batch(let number, let step) = message, case .sending(number) = state { take(step) }
    settle(in: model)
    return []
  }

  private mutating func take(_ step: BatchStep) {
    switch step {
    case .finished: state = .finished
    case .done(.failed(let reason)): outcomes.append(Outcome(text: reason, role: .failure, isAccepted: false))
    case .done(.sent(let number, let exchange)):
      let took = Durations.milliseconds(exchange.milliseconds.total)
      outcomes.append(
        Outcome(
          text: "\(exchange.result), \(took), as #\(number)", role: exchange.isAccepted ? .success : .failure,
          isAccepted: exchange.isAccepted))
    }
  }
}

extension BatchPanel {
  func content(_ model: Model) -> PopupContent {
    var content = PopupContent(
      "Replay \(Wording.count(deliveries.count, "marked delivery", "marked deliveries"))", columns: 76,
      rowCount: deliveries.count, row: row)
    content.head = [
      [
        TextRun(
          urls.count == 1
            ? "to \(urls.first ?? "")"
            : "to \(urls.count) URLs, each where it was forwarded to or replays went last", .dim)
      ],
      [TextRun(signs ? "each signed again now" : "as they were; s signs each again", .dim)], [],
    ]
    content.foot = [[], [TextRun(progress, Style(role))]]
    return content
  }

  private func row(_ index: Int) -> [TextRun] {
    let delivery = deliveries[index]
    let event = delivery.envelope.event?.cut(to: 80) ?? delivery.target.cut(to: 80)
    let name = [TextRun("#\(delivery.sequence)  "), TextRun(event.bytes), TextRun("  ")]
    guard index >= outcomes.count else {
      let outcome = outcomes[index]
      return name + [TextRun(outcome.text, Style(outcome.role))]
    }
    guard case .sending = state, index == outcomes.count else { return name }
    return name + [TextRun("waiting for the app", .dim)]
  }

  private var role: Role {
    isOffered || outcomes.allSatisfy(\.isAccepted) ? .info : .failure
  }

  /// `2 of 3 sent: 1 accepted, 1 not`.
  private var progress: String {
    guard !isOffered else { return "Enter sends them, oldest first; Esc closes this." }
    let accepted = outcomes.count { $0.isAccepted }
    let counts = "\(Wording.grouped(outcomes.count)) of \(Wording.grouped(deliveries.count)) sent"
    return outcomes.isEmpty
      ? counts
      : "\(counts): \(Wording.grouped(accepted)) accepted, \(Wording.grouped(outcomes.count - accepted)) not"
  }
}
