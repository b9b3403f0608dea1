internal import Webhooks

/// The byte view: the exact signed text, and where it differs from what was signed or came before.
struct ByteView: Sendable {
  /// What the received text is compared with.
  enum Reference: Sendable {
    case provenOriginal(secret: String)
    case earlierDelivery(UInt64)
  }

  static let bytesPerRow = 16

  let delivery: Delivery
  let text: SignedText
  let reference: Reference?
  let difference: ByteDifference?
  var viewport = Viewport()

  init(_ delivery: Delivery, diagnosis: Diagnosis?, earlier: Delivery?) {
    self.delivery = delivery
    text = SignedText(of: delivery.request, provider: delivery.envelope.provider)
    if let proof = diagnosis?.proof {
      reference = .provenOriginal(secret: proof.secret)
      // Without a readable t, only the bodies can be compared.
      difference =
        text.before.isEmpty
        ? ByteDifference(received: text.body, original: proof.signedText.body)
        : text.firstDifference(from: proof.signedText)
    } else if let earlier {
      reference = .earlierDelivery(earlier.sequence)
      let before = SignedText(before: text.before, body: earlier.request.body)
      difference = text.firstDifference(from: before)
    } else {
      reference = nil
      difference = nil
    }
  }

  var sequence: UInt64 { delivery.sequence }

  var rowCount: Int { max(1, (text.count + Self.bytesPerRow - 1) / Self.bytesPerRow) }
}
