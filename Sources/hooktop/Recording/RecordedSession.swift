internal import DequeModule
internal import Monitor
internal import Synchronization
internal import OperatingSystem
internal import Webhooks

/// Recorded sessions on the screen: each is read on a thread of its own, so that the keys work while they load.
///
/// No verdict in them changes. All of a file is kept, with its requests in the file; of streams, which have no end, the
/// newest, in memory.
struct RecordedSession: Feed {
  /// What the reading threads and the screen's share.
  private final class Box: Kindred {
    let news: Mutex<RecordedNews>
    let deliveries = Mutex(Deliveries())
    private let limits: Journal.Limits?
    /// In bytes.
    private let cost = Mutex(0)

    init(isLive: Bool) {
      news = Mutex(RecordedNews(isLive: isLive))
      limits = isLive ? Journal.Limits() : nil
    }

    /// Takes lines of a source, and what makes them known: one source at a time.
    func take(_ lines: [RecordedLine], percent: Int?, _ number: (RecordedLine) -> RecordedLine?) {
      news.withLock { news in
        let lines = lines.compactMap(number)
        let deliveries = lines.compactMap(\.delivery)
        if let pack = pack(deliveries) {
          news.add(lines, packed: pack, percent: percent)
        } else {
          let evicted = keep(deliveries)
          news.add(lines, percent: percent)
          if let (numbers, first) = evicted { news.evict(numbers, before: first) }
        }
      }
    }

    /// Keeps deliveries packed, where their requests can stay in the file, as those before them do.
    private func pack(_ new: [Delivery]) -> PackedDeliveries? {
      deliveries.withLock { deliveries in
        guard deliveries.takePacks, let pack = PackedDeliveries(new) else { return nil }
        deliveries.add(pack)
        return pack
      }
    }

    /// Returns the numbers of those that were evicted, and of the first that is kept now; nil if none were.
    private func keep(_ new: [Delivery]) -> (evicted: [UInt64], first: UInt64)? {
      deliveries.withLock { deliveries in
        new.forEach { deliveries.add($0) }
        guard let limits else { return nil }
        return cost.withLock { cost in
          cost += new.reduce(0) { $0 + $1.cost }
          var count = 0
          while deliveries.count - count > limits.deliveries
            || (cost > limits.bytes && deliveries.count - count > 1)
          {
            cost -= deliveries[count].cost
            count += 1
          }
          let evicted = deliveries.prefix(count).map(\.sequence)
          deliveries.replaceFirst(count, with: [])
          return evicted.isEmpty ? nil : deliveries.firstSequence.map { (evicted, $0) }
        }
      }
    }

    func deliveries(from sequence: UInt64, atMost limit: Int) -> [Delivery] {
      deliveries.withLock { $0.slice(from: sequence, atMost: limit) }
    }

    func deliveries(before sequence: UInt64, atMost limit: Int) -> [Delivery] {
      deliveries.withLock { $0.slice(before: sequence, atMost: limit) }
    }

    // Not under the lock, which the reading thread waits for.
    func numbers(of chain: EventChain) -> [UInt64]? { deliveries.withLock { $0 }.numbers(of: chain) }
  }

  let source: Source
  let providers: Providers
  let keyring: Keyring
  let tolerance: Double
  let redaction: Redaction
  let waker: Waker
  private let box: Box

  /// Begins to read `sources`.
  /// - Parameters:
  ///   - name: what they are called together.
  ///   - isLive: whether they are streams. Where there are several, their deliveries are numbered as they come.
  init(
    _ sources: [any LineSource], name: String, isLive: Bool = false, providers: Providers, keyring: Keyring,
    tolerance: Double, redaction: Redaction
  ) throws(SystemError) {
    source = .session(name: name)
    self.providers = providers
    self.keyring = keyring
    self.tolerance = tolerance
    self.redaction = redaction
    waker = try Waker()
    box = Box(isLive: isLive)
    let reading = Reading(box, waker, count: sources.count)
    for (index, source) in sources.enumerated() {
      BackgroundThread.start { reading.read(source, index) }
    }
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

  /// What the threads do that read.
  private final class Reading: Sendable {
    private struct State {
      var numbers: StreamNumbers?
      /// How many sources have not ended.
      var open: Int
      var fault: String?
    }

    private let box: Box
    private let waker: Waker
    private let state: Mutex<State>

    init(_ box: Box, _ waker: Waker, count: Int) {
      self.box = box
      self.waker = waker
      state = Mutex(State(numbers: count > 1 ? StreamNumbers(streams: count) : nil, open: count))
    }

    func read(_ source: any LineSource, _ index: Int) {
      var source = source
      var fault: String?
      do throws(FileError) {
        while let lines = try source.next() {
          box.take(lines, percent: source.percent) { line in
            state.withLock { $0.numbers == nil ? line : $0.numbers?.numbered(line, from: index) }
          }
          waker.wake()
        }
      } catch {
        fault = error.description
      }
      end(fault)
    }

    private func end(_ fault: String?) {
      let (isLast, fault) = state.withLock { state in
        state.open -= 1
        state.fault = state.fault ?? fault
        return (state.open == 0, state.fault)
      }
      guard isLast else { return }
      box.news.withLock { $0.end(fault: fault) }
      waker.wake()
    }
  }
}

/// What has been read of a session and the screen has not taken yet, with the counts of all so far.
struct RecordedNews: Sendable {
  // Of a file nothing is evicted, so the batch's first number stays that of the oldest there can be.
  private var batch = Journal.Batch()
  private var outcomes = Outcomes()
  private var loading = Loading()
  private var isNew = false

  init(isLive: Bool = false) {
    loading.isLive = isLive
    // So that it is said at once, before anything comes.
    isNew = isLive
  }

  /// Takes it that deliveries with these numbers are kept no more; `first` is the first that is.
  mutating func evict(_ numbers: [UInt64], before first: UInt64) {
    for number in numbers { outcomes.forget(number) }
    batch.firstKept = first
    batch.counts.evicted += numbers.count
  }

  mutating func add(_ lines: [RecordedLine], packed: PackedDeliveries? = nil, percent: Int?) {
    for line in lines { add(line) }
    if let packed { batch.packs.append(packed) }
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
      (batch.deliveries, batch.packs) = ([], [])
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
