public import Screen
public import Webhooks

/// Something that happened, told to the model: the only way in.
public enum Message: Sendable {
  /// The ring has something new.
  case arrived(DeliveryRing.Batch)
  case key(Key)
  /// Text that was pasted: never commands.
  case paste(String)
  case resized(Size)
}
