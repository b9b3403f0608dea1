internal import Monitor
internal import Receiver
internal import Webhooks

extension Station: Feed {
  var source: Source { .receiver(address: receiver.address, record: recording?.fileName) }

  var fingerprint: String? { tls?.fingerprint }

  var wordsOnStopping: String { "hooktop is stopped: nothing is received until fg" }

  var neighbours: @Sendable (Delivery, Int, Int) -> [Delivery] { journal.neighbours }

  mutating func read() -> [Message] {
    let batch = journal.read(after: &cursor)
    return batch.isEmpty ? [] : [.arrived(batch)]
  }

  func use(_ keyring: Keyring) {
    receiver.keyring = keyring
  }
}
