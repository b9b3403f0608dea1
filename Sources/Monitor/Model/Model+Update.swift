internal import Screen
public import Webhooks

extension Model {
  /// Takes what happened at a moment and says what is to be done outside; the only way in which the model changes.
  public mutating func update(_ message: Message, at moment: Timestamp) -> [Effect] {
    now = moment
    var effects: [Effect] = []
    switch message {
    case .arrived(let batch): effects = take(batch)
    case .loading(let loading): take(loading)
    case .noticed(let sentence): notice = Notice(sentence, .warning)
    case .key(let key): effects = press(key)
    case .paste(let text): paste(text)
    case .resized(let size):
      self.size = size
      clampViewports()
    case .diagnosed(let sequence, let generation, let diagnosis, let lacksWitness):
      guard generation == self.generation else { break }
      effects = take(diagnosis, of: sequence, lacksWitness: lacksWitness)
    case .refused(let key):
      takeRefusal(of: key)
      // What is asked for again at once would be refused again, without end.
      return tellPanels(message)
    case .opened(let body): inspection?.take(body)
    case .folded(let body): take(body)
    case .searched(let search): take(search)
    case .found(let sequence, let text, let step): goTo(sequence, holding: text, step)
    case .sifted(let deliveries): take(deliveries)
    case .tried, .compared: break
    }
    return effects + tellPanels(message) + inspectSelection() + searchBody() + sift()
  }

  private mutating func tellPanels(_ message: Message) -> [Effect] {
    guard !panels.isEmpty else { return [] }
    var panels = panels
    let effects = panels.take(message, in: self)
    self.panels = panels
    return effects
  }

  private mutating func take(_ batch: Journal.Batch) -> [Effect] {
    counts = batch.counts
    missed += batch.missed
    incidents.append(contentsOf: batch.incidents)
    if incidents.count > Model.incidentLimit { incidents.removeFirst(incidents.count - Model.incidentLimit) }
    takeAlarm(from: batch)
    list.take(batch)
    forgetEvicted()
    // A session comes all at once: its failures are looked into as the user comes to them.
    return (setting.source.isSession ? [] : diagnose(batch.deliveries))
      + diagnoseAgain(beside: batch.deliveries)
  }

  /// What was not stored is an alarm; the next delivery that is stored ends it.
  private mutating func takeAlarm(from batch: Journal.Batch) {
    guard !setting.source.isSession else { return }
    let stored = batch.deliveries.last
    let refused = batch.incidents.last { $0.reason == .notStored }
    if let refused, stored.map({ $0.receivedAt <= refused.receivedAt }) ?? true {
      alarm = refused.detail
    } else if stored != nil {
      alarm = nil
    }
  }

  private mutating func press(_ key: Key) -> [Effect] {
    notice = nil
    guard let action = Action.action(for: key, in: mode) else {
      edit(key)
      return []
    }
    return perform(action)
  }

  /// Does an action, or says why it can't be done now.
  mutating func perform(_ action: Action) -> [Effect] {
    if let reason = action.unavailable(self) {
      notice = Notice(reason, .warning)
      return []
    }
    return action.perform(&self)
  }

  /// A key that no action has goes into the line of input, where there is one.
  private mutating func edit(_ key: Key) {
    _ = changeInput { panel, _ in if panel.editor.take(key) { panel.edited() } }
  }

  private mutating func paste(_ text: String) {
    notice = nil
    let taken: Void? = changeInput { panel, _ in
      panel.paste(text)
      panel.edited()
    }
    if taken == nil {
      notice = Notice("Pasted text is never taken as commands: open f or / first to paste into it")
    }
  }

  mutating func stepInInput(_ step: Int) {
    _ = changeInput { $0.step(step, in: $1) }
  }
}
