import Foundation

/// The JSON files that stand beside the package, where they do.
public enum JSONCorpora {
  /// Why a test that reads them is skipped.
  public static let absence = "the corpora are not at ../shared/corpora beside the package"
  /// The folders that hold bodies.
  public static let folders = ["jsontestsuite/test_parsing", "jsontestsuite/test_transform", "json_extra"]

  private static let root: URL = {
    var url = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
    for _ in 0..<3 { url.deleteLastPathComponent() }
    return url.appendingPathComponent("../shared/corpora").standardizedFileURL
  }()

  public static var isPresent: Bool { !names(in: "json_extra").isEmpty }

  /// The names of the JSON files in a folder, sorted.
  public static func names(in folder: String) -> [String] {
    let path = root.appendingPathComponent(folder).path
    let all = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return all.filter { $0.hasSuffix(".json") && $0 != "manifest.json" }.sorted()
  }

  public static func bytes(_ folder: String, _ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: root.appendingPathComponent(folder).appendingPathComponent(name)))
  }
}
