internal import Monitor

/// The jobs that wait: the most urgent first, bounded in count and memory.
struct JobQueue: Sendable {
  /// The bounds; whichever is reached, those that are the least urgent go.
  struct Limits: Sendable {
    var jobs = 64
    /// Of what the waiting jobs keep alive; the first one may be larger.
    var bytes = 64 << 20
  }

  private let limits: Limits
  private var jobs: [Job] = []
  private var bytes = 0

  init(limits: Limits = Limits()) {
    self.limits = limits
  }

  var isEmpty: Bool { jobs.isEmpty }

  /// Adds a job, removes those that it makes needless, and returns those dropped for lack of room.
  ///
  /// What the user wants goes before what the user wanted earlier; what nobody asked for waits its turn.
  mutating func add(_ job: Job) -> [Job] {
    if covers(job) { return [] }
    giveWay(to: job)
    let place = jobs.firstIndex { job.priority > .unasked ? $0.priority <= job.priority : false }
    jobs.insert(job, at: place ?? jobs.count)
    bytes += job.bytes
    var refused: [Job] = []
    while jobs.count > limits.jobs || (bytes > limits.bytes && jobs.count > 1) {
      let last = jobs.removeLast()
      bytes -= last.bytes
      refused.append(last)
    }
    return refused
  }

  /// Whether a more urgent job for the same waits: it looks at what is known when it starts, so that this one would add
  /// nothing.
  func covers(_ job: Job) -> Bool { jobs.contains { job.isLesser(than: $0) } }

  /// Drops the jobs that this one makes needless.
  mutating func giveWay(to job: Job) { remove { job.replaces($0) } }

  mutating func next() -> Job? {
    guard !jobs.isEmpty else { return nil }
    let job = jobs.removeFirst()
    bytes -= job.bytes
    return job
  }

  mutating func cancel(_ key: Job.Key) { remove { $0.key == key } }

  mutating func removeAll() { remove { _ in true } }

  private mutating func remove(_ isNeedless: (Job) -> Bool) {
    jobs.removeAll(where: isNeedless)
    bytes = jobs.reduce(0) { $0 + $1.bytes }
  }
}

extension Job {
  var isDiagnosis: Bool { if case .diagnosis = key { true } else { false } }

  /// Whether another job for the same, with the same secrets, is the more urgent one.
  func isLesser(than other: Job) -> Bool {
    other.key == key && other.generation == generation && priority < other.priority
  }

  /// Whether another job is needless beside this one: it is for the same, or it searches with secrets of before.
  func replaces(_ other: Job) -> Bool {
    guard !isLesser(than: other) else { return false }
    return other.key == key || (isDiagnosis && other.isDiagnosis && other.generation < generation)
  }
}
