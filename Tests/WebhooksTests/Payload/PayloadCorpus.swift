import Foundation

/// Reads the corpora that stand beside the package, where they do.
enum PayloadCorpus {
  /// Why a test that reads them is skipped.
  static let absence = "the corpora are not at ../shared/corpora beside the package"

  private static let root: URL = {
    var url = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
    for _ in 0..<4 { url.deleteLastPathComponent() }
    return url.appendingPathComponent("../shared/corpora").standardizedFileURL
  }()

  static var isPresent: Bool { !names(in: "json_extra").isEmpty }

  /// The names of the JSON files in a folder, sorted.
  static func names(in folder: String) -> [String] {
    let path = root.appendingPathComponent(folder).path
    let all = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return all.filter { $0.hasSuffix(".json") && $0 != "manifest.json" }.sorted()
  }

  static func bytes(_ folder: String, _ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: root.appendingPathComponent(folder).appendingPathComponent(name)))
  }
}
