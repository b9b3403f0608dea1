internal import JSON
internal import Screen
internal import Webhooks

/// Two deliveries side by side, or one under the other where the screen is narrow: what differs between them.
struct ComparePanel: Popup {
  static let title = "Compare"

  private let delivery: Delivery
  /// What it is compared with; nil: the two newest of its chain are compared.
  private let other: Delivery?
  /// What its sender says of it now, which is what it is compared with; nil: another delivery is.
  private let current: [UInt8]?
  private let number: Int
  var subject: Delivery? { delivery }
  var viewport = Viewport()

  private enum State: Sendable {
    case waiting
    /// There is nothing to show, for this reason.
    case obstacle(String)
    case compared(DeliveryComparison)
  }

  private var state = State.waiting
  /// What is shown of it, laid out for the screen's width.
  private var lines: [[TextRun]] = []

  var awaited: Set<Job.Key> { if case .waiting = state { [.difference] } else { [] } }

  init(_ delivery: Delivery, with other: Delivery?, number: Int) {
    (self.delivery, self.other, self.number) = (delivery, other, number)
    current = nil
  }

  /// - Parameter current: the document that its sender has now, of which the delivery holds a snapshot.
  init(_ delivery: Delivery, now current: [UInt8], number: Int) {
    (self.delivery, self.current, self.number) = (delivery, current, number)
    other = nil
  }

  /// Compares them in the background: it takes as long as their bodies are large, or all that is kept is many.
  func compare(in model: Model) -> [Effect] {
    let (delivery, other, number, kept) = (delivery, other, number, model.setting.kept)
    let (current, bytes) = (current, delivery.cost + (other?.cost ?? 0) + (current?.count ?? 0))
    let job = Job(.difference, priority: .asked, bytes: bytes) { clock in
      if let current {
        return .differed(number: number, DeliveryComparison(delivery, now: current) { clock() == .max })
      }
      let pair = other.map { ($0, delivery) } ?? kept.newestPair(with: delivery)
      return .differed(
        number: number,
        pair.flatMap { pair in
          guard pair.0.isReadable, pair.1.isReadable else { return nil }
          return DeliveryComparison(pair.0, pair.1) { clock() == .max }
        })
    }
    return [.run(job)]
  }

  mutating func take(_ message: Message, in model: Model) -> [Effect] {
    switch message {
    case .differed(number, let comparison):
      state =
        comparison.map(State.compared)
        ?? .obstacle(
          current == nil
            ? "\(reasonAlone): mark another with m first."
            : "The delivery holds no document to compare with.")
      layOut(in: model)
    case .refused(.difference): state = .obstacle("Not compared: too much other work is waiting.")
    case .overran(.difference):
      state = .obstacle("Not compared: it took longer than \(Job.Key.difference.limitWords).")
    case .resized: layOut(in: model)
    default: break
    }
    settle(in: model)
    return []
  }

  /// Why there is nothing to compare it with.
  private var reasonAlone: String {
    delivery.replayOf.map { "#\($0), which was replayed as #\(delivery.sequence), is not kept" }
      ?? "No other delivery of its event is kept"
  }

  private mutating func layOut(in model: Model) {
    guard case .compared(let comparison) = state else { return }
    lines = DifferenceLayout(columns: Self.columns(model), charset: model.setting.charset)
      .lines(of: comparison)
  }

  /// As wide as the screen allows; from 120 columns on both sides stand beside each other.
  private static func columns(_ model: Model) -> Int { PopupFrame.textColumns(160, on: model.size) }

  func content(_ model: Model) -> PopupContent {
    var content = PopupContent(title, columns: Self.columns(model), rows: lines)
    content.leastRows = PopupFrame.textRows(on: model.size)
    switch state {
    case .waiting: content.empty = "Comparing the two."
    case .obstacle(let reason): content.empty = reason
    case .compared(let comparison): content.head = DifferenceLayout.summary(of: comparison)
    }
    return content
  }

  private var title: String {
    if case .compared(let pair) = state {
      return "Compare \(pair.names.left) with \(pair.names.right)"
    }
    return "Compare #\(delivery.sequence)" + (other.map { " with #\($0.sequence)" } ?? "")
  }
}

extension Model {
  /// Compares the selected delivery with the marked one: of several the nearest older one, else the nearest newer one.
  /// Where none is marked, the two newest of its chain are compared.
  mutating func openComparison() -> [Effect] {
    guard let delivery = list.selection else { return [] }
    let marked = marked.filter { $0 != delivery.sequence }
    let sequence = marked.last { $0 < delivery.sequence } ?? marked.first
    if sequence == nil, list.outcomes.marked.contains(delivery.sequence) {
      notice = Notice("#\(delivery.sequence) is the marked one: select another to compare with it")
      return []
    }
    lastComparison += 1
    let panel = ComparePanel(delivery, with: sequence.flatMap { list.kept.find($0) }, number: lastComparison)
    panels.push(panel)
    return panel.compare(in: self)
  }
}
