import Synchronization

@testable import Sender

/// A poster without a network: it keeps what it is given and answers as it is told.
final class StandInPoster: Posting {
  private let posted = Mutex<[OutgoingDelivery]>([])
  private let answer: @Sendable (Int) throws(PostError) -> Int

  /// `answer` gives the status for the delivery at a position, from 1.
  init(answer: @escaping @Sendable (Int) throws(PostError) -> Int = { _ in 200 }) {
    self.answer = answer
  }

  var deliveries: [OutgoingDelivery] { posted.withLock { $0 } }

  func post(_ delivery: OutgoingDelivery, to url: String) async throws(PostError) -> PostAnswer {
    let position = posted.withLock {
      $0.append(delivery)
      return $0.count
    }
    return PostAnswer(status: try answer(position), milliseconds: 1)
  }
}
