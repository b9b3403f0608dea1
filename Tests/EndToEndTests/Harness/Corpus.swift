import Foundation

/// Bad input written by others, which stands beside the package and not in it.
enum Corpus {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../../../shared/corpora").standardizedFileURL

  private static func bytes(_ path: String) -> [UInt8]? {
    (try? Data(contentsOf: folder.appending(path: path))).map(Array.init)
  }

  /// Bodies that drive a terminal, a file each; empty if they are not there.
  static let terminal: [HostileText] = {
    let path = folder.appending(path: "terminal").path
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.filter { $0.hasSuffix(".bin") }.sorted().compactMap { name in
      bytes("terminal/\(name)").map { HostileText(name, $0) }
    }
  }()

  /// The naughty strings that are one.
  static let naughty: [HostileText] = {
    guard let file = bytes("blns/blns.json"),
      let strings = try? JSONDecoder().decode([String].self, from: Data(file))
    else { return [] }
    return strings.enumerated().filter { !$1.isEmpty }.map { HostileText("naughty string \($0)", $1) }
  }()

  /// Valid and invalid UTF-8, a case on each line.
  static let utf8: [HostileText] = ["utf8tests.bin", "utf8_stress.bin"].flatMap { name in
    (bytes("utf8/\(name)") ?? []).split(separator: 0x0A).enumerated().map { number, line in
      HostileText("\(name), line \(number + 1)", line)
    }
  }

  static let all = terminal + naughty + utf8
  static let isComplete = !terminal.isEmpty && !naughty.isEmpty && !utf8.isEmpty
  static let absence = "the corpora in ../shared/corpora are not there"
}
