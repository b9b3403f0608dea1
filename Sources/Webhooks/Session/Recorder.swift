/// Writes what arrives to where it lasts, before any sender is told that it is kept.
public protocol Recorder: Sendable {
  /// Returns once `record` would outlive this process; throws where it would not.
  func record(_ record: SessionRecord) throws
}
