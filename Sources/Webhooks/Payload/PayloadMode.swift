/// How the body pane lays a body out.
public enum PayloadMode: String, Sendable, CaseIterable {
  /// JSON, each member and element on a line of its own.
  case pretty
  /// The bytes as sent, split at line feeds.
  case raw
  /// Sixteen bytes a line, in hexadecimal and ASCII.
  case hex
}
