public import Screen

/// What the terminal reports to the main loop.
public enum Event: Hashable, Sendable {
  case key(Key)
  /// Text from the clipboard, as one piece: never commands. It is not safe to draw as it is.
  case paste(String)
  case resized(Size)
  /// Another thread has called `Waker.wake`.
  case woken
  /// SIGTSTP came from outside. Control-Z arrives as a key.
  case suspend
  /// A signal asks the process to end.
  case terminate(signal: Int32)
  /// The terminal is gone.
  case hangUp
}
