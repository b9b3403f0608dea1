import Foundation

/// A folder that goes away with its owner.
final class TemporaryFolder: Sendable {
  private let root: URL

  init() throws {
    root = FileManager.default.temporaryDirectory.appending(path: "hooktop-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: root) }

  var path: String { root.path }

  func url(_ name: String) -> URL { root.appending(path: name) }
  func path(_ name: String) -> String { url(name).path }

  func bytes(_ name: String) -> [UInt8] { (try? Data(contentsOf: url(name))).map(Array.init) ?? [] }
  func text(_ name: String) -> String { String(decoding: bytes(name), as: UTF8.self) }

  /// Writes a file and gives its path.
  func write(_ content: some Sequence<UInt8>, to name: String) throws -> String {
    try Data(content).write(to: url(name))
    return path(name)
  }
}
