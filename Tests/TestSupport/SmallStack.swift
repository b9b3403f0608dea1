import Glibc

/// Runs code on a thread whose stack is small, so that what needs stack for depth ends with a fault.
public enum SmallStack {
  /// In bytes: a sixteenth of what the main thread has.
  public static let size = 512 << 10

  /// Work on its way to the thread; only one of the two threads touches it at a time.
  private class Job {
    func run() {}
  }

  private final class JobWithResult<Result>: Job {
    private let work: () -> Result
    private(set) var result: Result?

    init(_ work: @escaping () -> Result) { self.work = work }

    override func run() { result = work() }
  }

  /// Runs `work` to its end on such a thread; nil if there can be no thread.
  public static func run<Result>(_ work: @escaping @Sendable () -> Result) -> Result? {
    let job = JobWithResult(work)
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setstacksize(&attributes, size)
    var thread = pthread_t()
    let context = Unmanaged<Job>.passUnretained(job).toOpaque()
    let start: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { context in
      if let context { Unmanaged<Job>.fromOpaque(context).takeUnretainedValue().run() }
      return nil
    }
    guard pthread_create(&thread, &attributes, start, context) == 0 else { return nil }
    pthread_join(thread, nil)
    return withExtendedLifetime(job) { job.result }
  }
}
