/// Something that posts deliveries to a URL: the network, or a stand-in for it.
public protocol Posting: Sendable {
  /// Posts `delivery` and waits for the answer; any HTTP status is an answer.
  func post(_ delivery: OutgoingDelivery, to url: String) async throws(PostError) -> PostAnswer
}

extension Posting {
  /// Posts `delivery` and tells how it fared under its `number`.
  func report(_ number: Int, _ delivery: OutgoingDelivery, to url: String) async -> PostReport {
    do throws(PostError) {
      let answer = try await post(delivery, to: url)
      return PostReport(number: number, label: delivery.label, result: .success(answer))
    } catch {
      return PostReport(number: number, label: delivery.label, result: .failure(error))
    }
  }
}
