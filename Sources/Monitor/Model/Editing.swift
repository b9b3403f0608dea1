internal import Screen
public import Webhooks

/// A delivery's request that the user wants to edit, and what is to be done with it then.
public struct EditOrder: Sendable {
  public let delivery: Delivery
  let url: String
  /// Signs it after the edit; nil: it goes as it was left.
  let secret: SigningSecret?

  /// What the editor is given.
  public var text: [UInt8] { EditableRequest.text(of: delivery.request) }

  /// What the user has made of it.
  /// - Throws: `EditFault`, where the text is no request.
  public func read(_ text: [UInt8]) throws(EditFault) -> EditableRequest.Edited {
    try EditableRequest.read(text, original: delivery.request)
  }
}

/// What came of an editor.
public enum EditOutcome: Sendable {
  case edited(EditableRequest.Edited)
  /// It was left with the text as it was.
  case unchanged
  /// Nothing is to be sent, for this reason.
  case failed(String)
}

extension Model {
  /// Sends what the user has made of a delivery, or says why not.
  mutating func take(_ outcome: EditOutcome, of order: EditOrder) -> [Effect] {
    switch outcome {
    case .failed(let reason):
      notice = Notice("Nothing was sent: \(reason)", .warning)
      return []
    case .unchanged:
      notice = Notice("Nothing was sent: nothing was changed; r replays it as it was")
      return []
    case .edited(let edited):
      var replay = ReplayOrder(delivery: order.delivery, url: order.url, secret: order.secret)
      replay.edited = edited.request
      let newline = edited.isNewlineLeftOut ? ", without the newline that the editor added at its end" : ""
      notice = Notice("Replaying #\(order.delivery.sequence), edited\(newline), to \(order.url)")
      return [.order(.replay(replay))]
    }
  }
}
