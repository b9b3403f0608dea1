internal import Screen
internal import Webhooks

extension Model {
  /// Why nothing can be sent or answered from here; nil if it can.
  var reasonForReadOnly: String? {
    setting.source.isSession ? "A recorded session is read-only; use hooktop replay FILE --to URL" : nil
  }

  /// Offers to send the marked deliveries again, or sends the selected one where none is marked.
  mutating func replay() -> [Effect] {
    let marked = marked.compactMap { list.kept.find($0) }
    guard let first = marked.first(where: { setting.apps.url($0) == nil }) ?? marked.first else {
      return replaySelected()
    }
    return withApp(for: first) { model, _ in
      model.panels.push(BatchPanel(marked, in: model))
      return []
    }
  }

  /// The secret that a delivery can be signed again with.
  func secret(for delivery: Delivery) -> SigningSecret? {
    delivery.envelope.provider.flatMap { keyring.secrets(for: $0).first }
  }

  /// Sends the selected delivery again as it was, to where it goes, or went last; asks where that is not known.
  mutating func replaySelected() -> [Effect] {
    guard let delivery = list.selection else { return [] }
    return withApp(for: delivery) { $0.order(delivery, to: $1) }
  }

  /// Does something with the URL of the app that a delivery goes to: the one it is forwarded to, or else the one that was
  /// used last, or that the user now gives.
  mutating func withApp(
    for delivery: Delivery, _ use: @escaping @Sendable (inout Model, String) -> [Effect]
  ) -> [Effect] {
    if let url = setting.apps.url(original(delivery)) ?? appURL { return use(&self, url) }
    askForApp(use)
    return []
  }

  mutating func askForApp(_ use: @escaping @Sendable (inout Model, String) -> [Effect]) {
    panels.push(
      Prompt("URL of the app", text: appURL ?? "http://127.0.0.1:") { prompt, model in
        let url = prompt.editor.text
        if let fault = model.setting.apps.fault(url) {
          model.notice = Notice(fault, .warning)
          return []
        }
        model.panels.pop()
        model.appURL = url
        return use(&model, url)
      })
  }

  mutating func order(
    _ delivery: Delivery, to url: String, signing secret: SigningSecret? = nil
  ) -> [Effect] {
    notice = Notice("Replaying #\(delivery.sequence) to \(shown(url, for: delivery))")
    return [.order(.replay(ReplayOrder(delivery: original(delivery), url: url, secret: secret)))]
  }

  /// Tells what came of a replay.
  mutating func take(_ result: ReplayResult, of sequence: UInt64) {
    switch result {
    case .failed(let reason): notice = Notice("#\(sequence) was not replayed: \(reason)", .warning)
    case .sent(let number, let exchange):
      let took = Durations.milliseconds(exchange.milliseconds.total)
      notice = Notice(
        "#\(sequence) was replayed as #\(number): \(exchange.result), \(took)",
        exchange.isAccepted ? .success : .warning)
    }
  }
}
