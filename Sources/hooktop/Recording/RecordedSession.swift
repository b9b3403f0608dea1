internal import DequeModule
internal import Foundation
internal import Monitor
internal import Synchronization
internal import OperatingSystem
internal import Webhooks

/// A recorded session on the screen: read on a thread of its own, so that the keys work while it loads.
///
/// All of it is kept in memory, and no verdict in it changes.
struct RecordedSession: Feed {
  /// What the reading thread and the screen's share.
  private final class Box: Kindred {
    let news = Mutex(RecordedNews())
    let deliveries = Mutex(Deque<Delivery>())

    func deliveries(from sequence: UInt64, atMost limit: Int) -> [Delivery] {
      deliveries.withLock { $0.slice(from: sequence, atMost: limit) }
    }

    func deliveries(before sequence: UInt64, atMost limit: Int) -> [Delivery] {
      deliveries.withLock { $0.slice(before: sequence, atMost: limit) }
    }
  }

  let source: Source
  let providers: Providers
  let keyring: Keyring
  let tolerance: Double
  let waker: Waker
  private let box = Box()

  /// Begins to load `file`.
  init(
    _ file: RecordedFile, providers: Providers, keyring: Keyring, tolerance: Double
  ) throws(SystemError) {
    source = .session(name: file.name)
    self.providers = providers
    self.keyring = keyring
    self.tolerance = tolerance
    waker = try Waker()
    let thread = Thread { [box, waker] in Self.load(file, into: box, waking: waker) }
    thread.start()
  }

  var wordsOnStopping: String { "hooktop is stopped until fg" }

  var kept: any Kindred { box }

  func read() -> [Message] { box.news.withLock { $0.take() } }

  /// The verdicts are those of arrival: nothing here is verified again.
  func use(_ keyring: Keyring) {}

  func keep(_ outcome: Outcome, of sequence: UInt64) {
    box.news.withLock { $0.add(outcome, to: sequence) }
    waker.wake()
  }

  // All of it is kept anyway, so there is no bound.
  func mark(_ sequences: [UInt64], _ isMarked: Bool) -> [Message] {
    box.news.withLock { news in
      for sequence in sequences { news.add(.marked(isMarked), to: sequence) }
      return news.take() + [.marked(sequences, isMarked, nil)]
    }
  }

  private static func load(_ file: RecordedFile, into box: Box, waking waker: Waker) {
    var file = file
    var fault: String?
    do throws(FileError) {
      while let lines = try file.next() {
        let percent = file.percent
        box.deliveries.withLock { deliveries in lines.compactMap(\.delivery).forEach { deliveries.add($0) } }
        box.news.withLock { $0.add(lines, percent: percent) }
        waker.wake()
      }
    } catch {
      fault = error.description
    }
    box.news.withLock { $0.end(fault: fault) }
    waker.wake()
  }
}

/// What has been read of a session and the screen has not taken yet, with the counts of all so far.
struct RecordedNews: Sendable {
  // Nothing is ever pushed out, so the batch's first number stays that of the oldest there can be.
  private var batch = Journal.Batch()
  private var outcomes = Outcomes()
  private var loading = Loading()
  private var isNew = false

  mutating func add(_ lines: [RecordedLine], percent: Int?) {
    for line in lines { add(line) }
    loading.percent = percent
    isNew = true
  }

  mutating func add(_ outcome: Outcome, to sequence: UInt64) {
    outcomes.append(outcome, to: sequence)
    batch.outcomes.append(Journal.OutcomeChange(sequence: sequence, outcomes: outcomes[sequence]))
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
      batch.outcomes = []
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
    case .record(.exchange(let exchange, let sequence)): add(.exchanged(exchange), to: sequence)
    case .skipped(let line): loading.skip(line)
    }
  }
}
