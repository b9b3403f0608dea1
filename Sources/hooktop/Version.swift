internal import CBuild

/// Which hooktop this is.
enum Version {
  static let number = "0.1.0"

  /// `0.1.0 (commit 4f3c2a19d0be)`
  static let words = words(commit: String(cString: build_commit()))

  /// - Parameter commit: empty where it is not known.
  static func words(commit: String) -> String {
    commit.isEmpty ? "\(number) (unknown commit)" : "\(number) (commit \(commit))"
  }
}
