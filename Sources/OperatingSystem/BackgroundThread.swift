internal import Dispatch
internal import Glibc

/// Runs work on a thread of its own, which may block or have a priority of its own, as a shared one may not.
public enum BackgroundThread {
  /// What a new thread is handed, which is one pointer.
  private final class Work: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  /// Starts the work, and does not wait for its end.
  public static func start(_ work: @escaping @Sendable () -> Void) {
    let handle = Unmanaged.passRetained(Work(work))
    var thread = pthread_t()
    let code = pthread_create(
      &thread, nil,
      { pointer in
        if let pointer { Unmanaged<Work>.fromOpaque(pointer).takeRetainedValue().run() }
        return nil
      }, handle.toOpaque())
    guard code == 0 else {
      // The system gives no more threads: a shared one does it, as soon as there is one.
      return DispatchQueue.global().async(execute: handle.takeRetainedValue().run)
    }
    pthread_detach(thread)
  }
}
