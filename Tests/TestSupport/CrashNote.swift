import Glibc

/// Tells on standard error which round a thread is in when the process ends by a signal.
///
/// A trap leaves no time to report what was tried. The handler only writes what was made ready before, then
/// gives the signal back to whoever had it.
struct CrashNote {
  private struct Note {
    let text: UnsafeMutableBufferPointer<UInt8>
    var number: Int
  }

  private let note: UnsafeMutablePointer<Note>

  init(_ text: String) {
    _ = Self.isInstalled
    let bytes = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: text.utf8.count)
    _ = bytes.initialize(from: text.utf8)
    note = .allocate(capacity: 1)
    note.initialize(to: Note(text: bytes, number: 0))
    pthread_setspecific(Self.key, note)
  }

  func set(_ number: Int) { note.pointee.number = number }

  func clear() {
    pthread_setspecific(Self.key, nil)
    note.pointee.text.deallocate()
    note.deallocate()
  }
}

extension CrashNote {
  private static let signals = [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGABRT, SIGFPE]

  private static let key: pthread_key_t = {
    var key = pthread_key_t()
    pthread_key_create(&key, nil)
    return key
  }()

  /// The handlers from before, by their signal.
  // Written once before the first of ours can run, and only read from then on.
  nonisolated(unsafe) private static let former = UnsafeMutablePointer<sigaction>.allocate(capacity: 65)

  private static let isInstalled: Bool = {
    _ = key
    for signal in signals {
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { CrashNote.tell($0) }
      action.sa_flags = SA_ONSTACK | SA_NODEFER
      sigaction(signal, &action, former + Int(signal))
    }
    return true
  }()

  /// Runs in the handler: no allocation, no lock.
  private static func tell(_ signal: Int32) {
    if let note = pthread_getspecific(key)?.assumingMemoryBound(to: Note.self) {
      write(STDERR_FILENO, note.pointee.text.baseAddress, note.pointee.text.count)
      writeNumber(note.pointee.number)
    }
    // Back where the fault is, it happens again, and the former handler gets it.
    sigaction(signal, former + Int(signal), nil)
  }

  private static func writeNumber(_ number: Int) {
    var power = 1
    while number / power >= 10 { power *= 10 }
    while power > 0 {
      var digit = UInt8(ascii: "0") + UInt8(number / power % 10)
      write(STDERR_FILENO, &digit, 1)
      power /= 10
    }
    var end = UInt8(ascii: "\n")
    write(STDERR_FILENO, &end, 1)
  }
}
