/// Something that the model wants done outside itself.
public enum Effect: Sendable, Equatable {
  /// Draw the whole screen anew, whatever is believed to stand on it.
  case redraw
  /// Leave the screen and stop, as C-z does in a shell.
  case suspend
}
