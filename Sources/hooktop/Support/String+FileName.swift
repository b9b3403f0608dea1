extension String {
  /// The last part of a path, which names the file itself.
  var fileName: String { split(separator: "/").last.map(String.init) ?? self }
}
