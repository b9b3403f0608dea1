internal import Screen
public import Webhooks

extension Model {
  /// Takes what happened at a moment and says what is to be done outside; the only way in which the model changes.
  public mutating func update(_ message: Message, at moment: Timestamp) -> [Effect] {
    let (awaitedBefore, errandsBefore) = (awaited, errands)
    let effects = take(message, at: moment)
    let needless = awaitedBefore.subtracting(awaited).filter { $0 != message.endedJob }
    let closed = errandsBefore.subtracting(errands).filter { $0 != message.endedErrand }
    // First, so that nothing that is asked for now is cancelled.
    return needless.map { .cancel($0) } + closed.map { .order(.stop($0)) } + effects
  }

  private mutating func take(_ message: Message, at moment: Timestamp) -> [Effect] {
    guard presentation?.hides == true else { return handle(message, at: moment) }
    now = moment
    switch message {
    case .arrived(let batch): return hold(batch)
    case .masked(let news): return show(take(news)) + maskMore()
    case .overran(.mask):
      let batches = takeMaskingFailure(isOverrun: true)
      return handle(message, at: moment) + show(batches) + maskMore()
    case .refused(.mask):
      // What is asked for again at once would be refused again, without end: the next key asks for it.
      let batches = takeMaskingFailure(isOverrun: false)
      return handle(message, at: moment) + show(batches)
    case .key: return handle(message, at: moment) + maskMore()
    default: return handle(message, at: moment)
    }
  }

  /// Shows news without the values that a presentation hides.
  private mutating func show(_ batches: [Journal.Batch]) -> [Effect] {
    let effects = batches.flatMap { handle(.arrived($0), at: now) }
    showToJobs()
    return effects + (batches.isEmpty ? followUp() : [])
  }

  private mutating func handle(_ message: Message, at moment: Timestamp) -> [Effect] {
    now = moment
    var effects: [Effect] = []
    switch message {
    case .arrived(let batch): effects = takeNews(batch)
    case .loading(let loading): effects = take(loading)
    case .noticed(let sentence): notice = Notice(sentence, .warning)
    case .key(let key): effects = press(key)
    case .paste(let text): effects = paste(text)
    case .mouse(let mouse): effects = take(mouse)
    case .recording(let change): take(change)
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
    case .overran(let key):
      takeOverrun(of: key)
      return tellPanels(message)
    case .opened(let body): take(body)
    case .folded(let body): take(body)
    case .shaped(let body): take(body)
    case .measured(let sequence): takeMeasures(of: sequence)
    case .searched(let search): take(search)
    case .found(let rows): take(rows)
    case .sifted(let deliveries): take(deliveries)
    case .rechecked(let recheck): effects = take(recheck)
    case .replayed(let sequence, let result): take(result, of: sequence)
    case .edited(let order, let outcome): effects = take(outcome, of: order)
    case .marked(let sequences, let isMarked, let refusal): takeMarks(of: sequences, isMarked, refusal)
    case .armed(let rules): armed = rules
    case .attempts(let sequence, let attempts): take(attempts, of: sequence)
    case .called(let number, .fetched(let document)): effects = takeFetched(document, of: number)
    case .rotated(let rotations): effects = take(rotations)
    case .reconfigured(let change): effects = take(change)
    case .life(let step, let progress): take(progress, of: step)
    case .rekeyed(let keyring): effects = use(keyring)
    case .prepared(let order, let title): effects = take(prepared: order, title)
    case .copied(let order, let result): take(result, of: order)
    case .exported(let number, let step): take(step, ofExport: number)
    case .ticked: countDown()
    case .batch, .checked, .called, .tried, .compared, .differed, .read, .summarized, .masked, .followed,
      .fetched:
      break
    }
    return effects + tellPanels(message) + followUp()
  }

  /// Brings the panes up to date with the list.
  private mutating func followUp() -> [Effect] {
    inspectSelection() + lookUpAttempts() + searchBody() + measureBody() + markBody() + sift() + findOn()
  }

  private mutating func tellPanels(_ message: Message) -> [Effect] {
    guard !panels.isEmpty else { return [] }
    var panels = panels
    let effects = panels.take(message, in: self)
    self.panels = panels
    return effects
  }

  mutating func takeNews(_ batch: Journal.Batch) -> [Effect] {
    counts = batch.counts
    missed += batch.missed
    if recording == nil { unrecorded += batch.deliveries.count + batch.missed }
    minutes.add(batch.deliveries)
    minutes.add(batch.missed, at: now)
    incidents.append(contentsOf: batch.incidents)
    if incidents.count > Model.incidentLimit { incidents.removeFirst(incidents.count - Model.incidentLimit) }
    takeAlarm(from: batch)
    takeNames(of: batch.deliveries)
    list.take(batch)
    attemptsInView?.take(batch)
    let isRead = focus != .deliveries && !list.follows && inspection.map { isEvicted($0.delivery) } == true
    standIn = isRead ? list.selected : nil
    forgetEvicted()
    // A session comes all at once: its failures are looked into as the user comes to them.
    return (setting.source.isSession ? [] : diagnose(batch.deliveries))
      + diagnoseAgain(beside: batch.deliveries)
  }

  /// Notes the endpoints, and how wide the names of the senders are.
  private mutating func takeNames(of deliveries: [Delivery]) {
    var width = providerWidth
    for delivery in deliveries {
      if let endpoint = delivery.endpoint { endpointNames.insert(endpoint.name) }
      width = max(width, delivery.envelope.provider?.nameLength ?? 0)
    }
    providerWidth = min(width, Self.widestProvider)
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
    noteKey(key)
    return Action.action(for: key, in: mode).map { perform($0) } ?? edit(key)
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
  private mutating func edit(_ key: Key) -> [Effect] {
    let effects = changeInput { panel, model -> [Effect]? in
      guard panel.editor.take(key) else { return nil }
      let effects = panel.edited(in: &model)
      model.notice = panel.reasonUnreadable(in: model.setting.charset) ?? model.notice
      return effects
    }
    if let effects, let effects { return effects }
    let help = effects == nil ? "; ? lists the keys" : ""
    notice = Notice("\(key.label(in: setting.charset)) does nothing here\(help)")
    return []
  }

  /// Takes the line of input, unless something stands in it that could not be read.
  mutating func acceptInput() -> [Effect] {
    changeInput { panel, model in
      if let reason = panel.reasonUnreadable(in: model.setting.charset) {
        model.notice = reason
        return []
      }
      return panel.accept(in: &model)
    } ?? []
  }

  private mutating func paste(_ text: String) -> [Effect] {
    notice = nil
    let effects = changeInput { panel, model in
      panel.paste(text)
      let effects = panel.edited(in: &model)
      model.notice = panel.reasonUnreadable(in: model.setting.charset) ?? model.notice
      return effects
    }
    if effects == nil {
      notice = Notice("Pasted text is never taken as commands: open f or / first to paste into it")
    }
    return effects ?? []
  }

  mutating func stepInInput(_ step: Int) {
    _ = changeInput { $0.step(step, in: $1) }
  }
}
