public import Webhooks

/// Something that the model wants done outside itself.
public enum Effect: Sendable {
  /// Draw the whole screen anew, whatever is believed to stand on it.
  case redraw
  /// Leave the screen and stop, as C-z does in a shell.
  case suspend
  /// Do this in the background, and tell the model its result.
  case run(Job)
  /// Verify with these secrets from now on.
  case use(Keyring)
}
