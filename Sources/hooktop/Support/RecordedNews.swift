internal import Monitor
internal import Webhooks

/// What has been read of a session and the screen has not taken yet, with the counts of all so far.
struct RecordedNews: Sendable {
  // Nothing is ever pushed out, so the batch's first number stays that of the oldest there can be.
  private var batch = Journal.Batch()
  private var loading = Loading()
  private var isNew = false

  mutating func add(_ lines: [RecordedLine], percent: Int?) {
    for line in lines { add(line) }
    loading.percent = percent
    isNew = true
  }

  /// Ends the session; `fault` says why, where not because the file did.
  mutating func end(fault: String? = nil) {
    loading.isFinished = true
    loading.fault = fault
    isNew = true
  }

  /// Hands over what is new.
  mutating func take() -> [Message] {
    guard isNew else { return [] }
    isNew = false
    defer {
      batch.deliveries = []
      batch.incidents = []
    }
    return (batch.isEmpty ? [] : [.arrived(batch)]) + [.loading(loading)]
  }

  private mutating func add(_ line: RecordedLine) {
    switch line {
    case .record(.delivery(let delivery)):
      batch.deliveries.append(delivery)
      batch.counts.received += 1
      if delivery.verdict.status.isFailure { batch.counts.failed += 1 }
    case .record(.incident(let incident)):
      batch.incidents.append(incident)
      batch.counts.incidents += 1
    case .skipped(let line): loading.skip(line)
    }
  }
}
