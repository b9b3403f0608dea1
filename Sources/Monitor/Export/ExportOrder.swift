public import Webhooks

/// Deliveries that are to be written to a file.
public struct ExportOrder: Sendable {
  /// Which of the orders of this run it is.
  public let number: Int
  /// Oldest first.
  public let deliveries: PickedDeliveries
  public let exporter: Exporter
  public let path: String
  /// Whether a file of that name is replaced.
  public let overwrites: Bool
}

/// How far an export has come.
public enum ExportStep: Sendable {
  /// So many deliveries are written.
  case done(Int)
  /// All are, to this file.
  case written(path: String, bytes: Int)
  /// There is a file of that name, which was left alone.
  case exists
  /// Nothing was written, for this reason.
  case failed(String)

  /// Whether nothing comes after it.
  var isLast: Bool { if case .done = self { false } else { true } }
}
