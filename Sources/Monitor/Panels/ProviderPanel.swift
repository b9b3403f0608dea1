internal import Screen
internal import Webhooks

/// What a provider can be asked for through its own API: that of a delivery, or any whose API is known.
struct ProviderPanel: Popup {
  static let title = "Provider"

  private enum State: Sendable {
    case menu
    /// Whether it is meant.
    case asking(ProviderCall)
    case running(ProviderCall, number: Int, words: String)
    case ended(String, Role)
  }

  /// nil where none is selected: then the calls that are about one can't be made.
  let delivery: Delivery?
  /// The providers that it can be about; more than one only without a delivery.
  private let choices: [Provider]
  private var provider: Provider
  /// The id of the webhook that the calls are about; nil until it is known.
  private var webhook: String?
  private var state = State.menu
  var subject: Delivery? { delivery }
  var viewport = Viewport()

  /// - Parameter choices: the providers that it can be about; nil is returned where there is none.
  init?(_ delivery: Delivery?, of choices: [Provider], in model: Model) {
    guard let first = choices.first else { return nil }
    (self.delivery, self.choices, provider) = (delivery, choices, first)
    webhook = model.webhook(of: first, for: delivery)
  }

  static let actions: [Action] = [
    action(
      "choose the call", [.enter], .app, "Choose the call; it asks before anything is changed.",
      hint: "choose", unavailable: { $0.reasonUnavailable(in: $1) }, perform: { $0.choose(in: &$1) }),
    action(
      "make the call", [.character("y")], .app, "Make the call that was asked about.", hint: "yes",
      unavailable: { panel, _ in
        if case .asking = panel.state { nil } else { "Choose a call with Enter first" }
      }, perform: { $0.confirm(in: &$1) }),
    action(
      "name the webhook", [.character("w")], .app, "Name the webhook that is meant, by its id.",
      unavailable: { panel, _ in
        panel.errand == nil ? nil : "A call is on its way: Esc cancels it"
      },
      perform: { panel, model in
        panel.askForWebhook(in: &model) { _, _ in }
        return []
      }),
    action(
      "next provider", [.character("p")], .app, "Go to the next provider whose API is known.",
      unavailable: { panel, _ in panel.reasonForOneProvider }, perform: { $0.chooseProvider(in: &$1) }),
    action(
      "cancel the call", [.escape, .character("q")], .app, "Cancel the call, or close the popup.",
      hint: "cancel", change: { $0.back(in: &$1) }),
  ]

  var errand: Int? { if case .running(_, let number, _) = state { number } else { nil } }

  private var selected: ProviderCall {
    ProviderCall.allCases[selectedRow(of: ProviderCall.allCases.count) ?? 0]
  }

  private func reasonUnavailable(in model: Model) -> String? {
    errand != nil ? "A call is on its way: Esc cancels it" : reason(against: selected, in: model)
  }

  /// Why a call can't be made; nil if it can.
  private func reason(against call: ProviderCall, in model: Model) -> String? {
    if let fault = model.setting.apis.fault(provider) { return fault }
    guard provider.calls.contains(call) else { return "\(provider.title)'s API has no such call" }
    guard delivery != nil || call.isAboutWebhook else { return "Select a delivery first" }
    guard call.isDocumented || model.setting.apis.isSandbox(provider) else {
      return "Not in \(provider.title)'s documentation: only hooktop sandbox has it"
    }
    return nil
  }
}

extension ProviderPanel {
  private var reasonForOneProvider: String? {
    if errand != nil { return "A call is on its way: Esc cancels it" }
    guard choices.count < 2 else { return nil }
    return delivery == nil
      ? "\(provider.title)'s is the only API that is known" : "The menu is about this delivery's provider"
  }

  private mutating func chooseProvider(in model: inout Model) -> [Effect] {
    let place = choices.firstIndex(of: provider) ?? 0
    provider = choices[(place + 1) % choices.count]
    webhook = model.webhook(of: provider, for: delivery)
    state = .menu
    return []
  }

  /// Asks whether the selected call is meant, after the webhook's id where that is not known; makes one that changes
  /// nothing at once.
  private mutating func choose(in model: inout Model) -> [Effect] {
    let call = selected
    guard !call.isHarmless else { return begin(call, in: &model) }
    guard call.isAboutWebhook, webhook == nil else {
      state = .asking(call)
      return []
    }
    askForWebhook(in: &model) { panel, _ in panel.state = .asking(call) }
    return []
  }

  private func askForWebhook(
    in model: inout Model, then use: @escaping @Sendable (inout ProviderPanel, inout Model) -> Void
  ) {
    let provider = provider
    model.panels.push(
      Prompt("id of the webhook", text: webhook ?? "") { prompt, model in
        let id = prompt.editor.text
        guard APIID(id.utf8) != nil else {
          model.notice = Notice(
            "An id has letters from a to z, digits, -, _ and ., 100 at most, such as wh_2k4xJzaB", .warning)
          return []
        }
        model.panels.pop()
        model.webhookID[provider] = id
        return model.change(ProviderPanel.self) { panel, model in
          panel.webhook = id
          use(&panel, &model)
          return []
        }
      })
  }

  private mutating func confirm(in model: inout Model) -> [Effect] {
    guard case .asking(let call) = state else { return [] }
    return begin(call, in: &model)
  }

  private mutating func begin(_ call: ProviderCall, in model: inout Model) -> [Effect] {
    model.lastErrand += 1
    state = .running(call, number: model.lastErrand, words: "waiting for \(provider.title)'s API")
    return [
      .order(
        .call(
          ProviderOrder(
            number: model.lastErrand, call: call, provider: provider, webhook: webhook ?? "",
            delivery: delivery.map(model.original))))
    ]
  }

  /// Takes back the question, or the call; else closes the popup.
  private mutating func back(in model: inout Model) {
    switch state {
    case .menu, .ended: model.panels.pop()
    case .asking: state = .menu
    case .running(let call, _, _):
      state = .ended(
        call.isHarmless ? "Cancelled." : "Cancelled; the call may have been carried out already.", .warning)
    }
  }

  mutating func take(_ message: Message, in model: Model) -> [Effect] {
    if case .called(let number, let step) = message, case .running(let call, number, _) = state {
      switch step {
      case .retrying(let words): state = .running(call, number: number, words: words)
      case .done(let words): state = .ended(words, .success)
      case .failed(let words): state = .ended(words, .failure)
      case .fetched: state = .ended("The capture was fetched again.", .success)
      }
    }
    settle(in: model)
    return []
  }
}

extension ProviderPanel {
  private static let columns = 84

  func content(_ model: Model) -> PopupContent {
    let calls = ProviderCall.allCases
    var content = PopupContent("Provider: \(provider.title)", columns: Self.columns, rowCount: calls.count) {
      row(calls[$0], model)
    }
    content.head = [[TextRun(heading, .dim)], []]
    content.foot = [[]] + foot(in: model)
    content.hasCursor = true
    return content
  }

  private var heading: String {
    let webhook = webhook.map { "webhook \($0)" } ?? "the webhook is asked for, or named with w"
    let others = choices.filter { $0 != provider }.map(\.title).joined(separator: ", ")
    return (delivery.map { "#\($0.sequence), " } ?? "") + webhook
      + (others.isEmpty ? "" : "; p goes to \(others)")
  }

  private func row(_ call: ProviderCall, _ model: Model) -> [TextRun] {
    let name = SafeText.padded(call.title, to: 28)
    // What keeps all of them from being made is said once, below them.
    guard model.setting.apis.fault(provider) == nil else {
      return [TextRun(name, .dim), TextRun(call.meaning, .dim)]
    }
    guard let reason = reason(against: call, in: model) else {
      return [TextRun(name), TextRun(call.meaning, .dim)]
    }
    return [TextRun(name, .dim), TextRun(reason, .dim)]
  }

  /// The question, what is waited for, or what came of it: three rows, so that nothing moves.
  private func foot(in model: Model) -> [[TextRun]] {
    let wrapping = Wrapping(
      columns: PopupFrame.textColumns(Self.columns, on: model.size), charset: model.setting.charset,
      proseIndent: 0)
    let rows = wrapping.rows(of: [words(in: model)])
    return Array((rows + [[], [], []]).prefix(3))
  }

  private func words(in model: Model) -> TextRun {
    switch state {
    case .menu:
      if let fault = model.setting.apis.fault(provider) {
        TextRun(fault, Style(.warning))
      } else {
        TextRun("Enter chooses a call; it asks before anything is changed.", .dim)
      }
    case .asking(let call):
      TextRun("\(call.question(webhook ?? "")) y does it, Esc does not.", Style(.warning))
    case .running(let call, _, let words): TextRun("\(call.title): \(words); Esc cancels", Style(.info))
    case .ended(let words, let role): TextRun(words, Style(role))
    }
  }
}

extension ProviderCall {
  fileprivate var title: String {
    switch self {
    case .test: "send a test event"
    case .pause: "pause"
    case .resume: "resume"
    case .rotate: "rotate the signing secret"
    case .refetch: "fetch the capture again"
    case .resend: "send this event again"
    }
  }

  fileprivate var meaning: String {
    switch self {
    case .test: "webhook.test goes to the webhook's URL"
    case .pause: "events are queued for 24 hours, then dropped"
    case .resume: "what was queued is sent"
    case .rotate: "the old one stops at once; the new one is saved"
    case .refetch: "its current state beside the snapshot, as a diff"
    case .resend: "the sandbox makes it happen once more"
    }
  }

  fileprivate func question(_ webhook: String) -> String {
    switch self {
    case .test: "Have a webhook.test sent to \(webhook)?"
    case .pause: "Pause \(webhook)?"
    case .resume: "Resume \(webhook)?"
    case .rotate: "Rotate the signing secret of \(webhook)?"
    case .refetch: "Fetch the capture again?"
    case .resend: "Have this event sent again?"
    }
  }
}
