internal import DequeModule
internal import JSON
internal import Screen
internal import Diagnosis
internal import Webhooks

/// The byte view: the exact signed text of a delivery, and where it differs from what was signed or came before.
struct BytesPanel: Popup {
  static let title = "Signed bytes"

  let delivery: Delivery
  var subject: Delivery? { delivery }
  var awaited: Set<Job.Key> { comparison == nil && obstacle == nil ? [.comparison] : [] }
  private let text: SignedText
  /// nil while it is compared.
  private var comparison: ByteComparison?
  /// Why it is not compared.
  private var obstacle: String?
  var viewport = Viewport()

  init(_ delivery: Delivery) {
    self.delivery = delivery
    text = SignedText(of: delivery.request, provider: delivery.envelope.provider)
  }

  /// Compares the text with what is best known to have been signed, in the background: all that is kept is looked at.
  mutating func compare(in model: Model) -> [Effect] {
    let (text, delivery, kept) = (text, delivery, model.setting.kept)
    // What was signed in the place of the body that came has values of its own.
    let proof =
      model.reasonForPresentation == nil ? model.diagnoses.finished(delivery.sequence)?.proof : nil
    let bytes = delivery.cost + (proof?.signedText.count ?? 0)
    obstacle = nil
    let job = Job(.comparison, priority: .asked, generation: model.generation, bytes: bytes) { clock in
      let isCancelled = { clock() == .max }
      let earlier = kept.lastValid(before: delivery, isCancelled: isCancelled)
      return .compared(
        sequence: delivery.sequence,
        ByteComparison(text, proof: proof, earlier: earlier, isCancelled: isCancelled))
    }
    return [.run(job)]
  }

  mutating func take(_ message: Message, in model: Model) -> [Effect] {
    var effects: [Effect] = []
    switch message {
    case .diagnosed(delivery.sequence, _, _, _): effects = compare(in: model)
    case .compared(delivery.sequence, let comparison): self.comparison = comparison
    case .refused(.comparison): obstacle = "too much other work is waiting"
    case .overran(.comparison): obstacle = "it took longer than \(Job.Key.comparison.limitWords)"
    default: break
    }
    settle(in: model)
    return effects
  }
}

/// What a signed text is compared with, and where both first differ.
public struct ByteComparison: Sendable {
  /// What the received text is compared with.
  enum Reference: Sendable {
    case provenOriginal(secret: String)
    case earlierDelivery(UInt64)
  }

  let reference: Reference?
  let difference: ByteDifference?

  /// - Parameter earlier: the last valid attempt to deliver the same; without a proof, it shows what was signed.
  init(
    _ text: SignedText, proof: Proof?, earlier: Delivery?, isCancelled: () -> Bool = { false }
  ) {
    if let proof {
      reference = .provenOriginal(secret: proof.secret)
      // Without a readable t, only the bodies can be compared.
      difference =
        text.before.isEmpty
        ? ByteDifference(received: text.body, original: proof.signedText.body)
        : text.firstDifference(from: proof.signedText, isCancelled: isCancelled)
    } else if let earlier {
      reference = .earlierDelivery(earlier.sequence)
      let signed = SignedText(before: text.before, body: earlier.request.body, after: text.after)
      difference = text.firstDifference(from: signed, isCancelled: isCancelled)
    } else {
      reference = nil
      difference = nil
    }
  }

  /// Where the text differs from what it is compared with.
  func lines(_ charset: Charset) -> [[TextRun]] {
    guard let reference else {
      return [
        [TextRun("Nothing to compare with: no proven body, and no valid delivery of the same event.", .dim)],
        [],
      ]
    }
    let other =
      switch reference {
      case .provenOriginal(let secret): "what was signed with \(secret)"
      case .earlierDelivery(let sequence): "the valid delivery #\(sequence) of the same event"
      }
    guard let difference else {
      return [[TextRun("The same bytes as \(other).", Style(.success))], []]
    }
    return [
      [TextRun("First difference from \(other), at byte \(Wording.grouped(difference.offset)):")],
      Self.excerpt("received", difference.receivedExcerpt, difference, .failure, charset),
      Self.excerpt("signed  ", difference.originalExcerpt, difference, .success, charset),
      [],
    ]
  }

  /// The bytes on one side, the first different one set off.
  private static func excerpt(
    _ label: String, _ bytes: [UInt8], _ difference: ByteDifference, _ role: Role, _ charset: Charset
  ) -> [TextRun] {
    let cut = min(difference.offset - difference.excerptStart, bytes.count)
    let text = bytes.map { $0.picture(charset) }
    let before = [TextRun("\(label) ", .dim), TextRun(text[..<cut].joined())]
    guard cut < text.count else { return before + [TextRun(" (the end)", .dim)] }
    return before + [
      TextRun(text[cut], Style(role, bold: true, underline: true)),
      TextRun(text.dropFirst(cut + 1).joined()),
    ]
  }
}

extension BytesPanel {
  func content(_ model: Model) -> PopupContent {
    let charset = model.setting.charset
    let width = PopupFrame.textColumns(80, on: model.size) < 74 ? 8 : 16
    let scheme = delivery.envelope.provider?.scheme
    let isWhole = scheme?.text.usesTime == false || !text.before.isEmpty || !text.after.isEmpty
    let parts =
      isWhole
      ? scheme?.text.words ?? "body" : "the body alone, without a readable \(scheme?.timeWords ?? "time")"
    var content = PopupContent(
      "Signed bytes of #\(delivery.sequence): \(parts), \(Wording.grouped(text.count))", columns: 80,
      rowCount: max(1, (text.count + width - 1) / width)
    ) { row($0, width, charset) }
    // The box keeps its size when a comparison comes.
    content.leastRows = PopupFrame.textRows(on: model.size)
    let progress = obstacle.map { "Not compared: \($0)." } ?? "Comparing the two."
    content.head = comparison?.lines(charset) ?? [[TextRun(progress, .dim)], []]
    return content
  }

  /// `000010  7b 22 69 …  {"i`: sixteen bytes or eight, the first different one and what is signed before the body set off.
  private func row(_ row: Int, _ width: Int, _ charset: Charset) -> [TextRun] {
    let start = row * width
    let bytes = text.bytes(in: start..<start + width)
    var runs = [TextRun(Hex.text(start, width: 6) + "  ", .dim)]
    for (index, byte) in bytes.enumerated() {
      runs.append(TextRun(Hex.text(byte, width: 2), style(start + index)))
      runs.append(TextRun(index == 7 ? "  " : " "))
    }
    let missing = width - bytes.count
    runs.append(TextRun(String(repeating: " ", count: missing * 3 + (missing > 8 ? 1 : 0) + 1)))
    return runs + bytes.enumerated().map { TextRun($1.picture(charset), style(start + $0)) }
  }

  private func style(_ index: Int) -> Style {
    if index == comparison?.difference?.offset { return Style(.failure, bold: true, underline: true) }
    let isBody = (text.before.count..<text.before.count + text.body.count).contains(index)
    return isBody ? .normal : Style(.info)
  }
}

extension UInt8 {
  /// One column for a byte: itself, or a picture where it can't be seen.
  fileprivate func picture(_ charset: Charset) -> String {
    if (0x21...0x7E).contains(self) { return String(Unicode.Scalar(self)) }
    guard charset == .utf8 else { return self == 0x20 ? " " : "." }
    switch self {
    case 0x20: return "\u{2423}"
    case 0x00...0x1F: return Unicode.Scalar(0x2400 + UInt32(self)).map { String($0) } ?? "."
    case 0x7F: return "\u{2421}"
    default: return "\u{00B7}"
    }
  }
}

extension Model {
  mutating func openBytes(of delivery: Delivery) -> [Effect] {
    panels.push(BytesPanel(delivery))
    return change(BytesPanel.self) { $0.compare(in: $1) }
  }
}
