internal import Screen
internal import Webhooks

/// What the next deliveries' senders are told in place of what the verdict or the app says: the rules in force, and some
/// that can be put in force.
struct AnswersPanel: Popup {
  static let title = "Answers on demand"

  /// Rules that show how a sender retries: failures, and answers just within and just beyond what `providers` wait.
  static func presets(for providers: Providers) -> [String] {
    let waits = Set(providers.all.filter { !$0.retrySchedule.isEmpty }.map(\.answerDue)).sorted()
    let delays = waits.flatMap { ["delay \($0 * 1000 - 500)ms x1", "delay \($0 * 1000 + 500)ms x1"] }
    return ["status 500 x1", "status 500 x3", "status 503 body 'try again later' x1", "status 401 x1"]
      + delays
      + ["drop x1", "hang x1"]
  }

  var viewport = Viewport()

  static let actions: [Action] = [
    action(
      "arm", [.enter], .app, "Use this answer for the next deliveries.", hint: "arm",
      perform: { panel, model in
        let presets = presets(for: model.setting.providers)
        return model.arm(presets[panel.selectedRow(of: presets.count) ?? 0]) ?? []
      }),
    action(
      "own rule", [.character("a")], .app, "Type a rule of your own.", hint: "own rule",
      change: { _, model in model.panels.push(Prompt.answerRule) }),
    action(
      "disarm all", [.character("x")], .app, "Remove all rules.", hint: "disarm",
      unavailable: { $1.armed.isEmpty ? "No rule is in force" : nil },
      perform: { _, _ in [.order(.disarmAll)] }),
  ]

  func content(_ model: Model) -> PopupContent {
    let presets = Self.presets(for: model.setting.providers)
    var content = PopupContent("Answers on demand", columns: 66, rows: presets.map { [TextRun($0)] })
    content.head =
      model.armed.prefix(8).map { [TextRun(Self.words($0, in: model), Style(.warning))] }
      + (model.armed.isEmpty
        ? [[TextRun("No rule is in force: senders are told the verdict, or the app's answer.", .dim)]] : [])
      + [[]]
    content.foot = [
      [],
      [TextRun("A rule may begin with a filter: type:webhook.test : status 500 x3", .dim)],
      [TextRun("Actions: status 500, delay 11s, body 'text', drop, hang; xN: how often.", .dim)],
    ]
    content.hasCursor = true
    return content
  }

  /// `status 500 x3 · 2 more`, or `drop · for all`.
  static func words(_ armed: AnswerRules.Armed, in model: Model) -> String {
    let name = model.presentation?.hides == true ? armed.rule.name.presented : armed.rule.name
    return "\(name.text) · \(armed.left.map { "\(Wording.grouped($0)) more" } ?? "for all")"
  }
}

extension Prompt {
  /// Asks for a rule; one that can't be understood stays to be mended.
  fileprivate static let answerRule = Prompt("rule ([FILTER :] ACTION [xN])") { prompt, model in
    guard let effects = model.arm(prompt.editor.text) else { return [] }
    model.panels.pop()
    return effects
  }
}

extension Model {
  /// Puts a rule in force; nil, and the user is told why, where it is none.
  fileprivate mutating func arm(_ text: String) -> [Effect]? {
    do throws(AnswerRuleError) {
      return [.order(.arm(try AnswerRule(text, providers: setting.providers, zone: setting.zone)))]
    } catch {
      notice = Notice(error.description, .warning)
      return nil
    }
  }
}
