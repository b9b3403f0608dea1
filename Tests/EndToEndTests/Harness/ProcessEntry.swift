import Foundation
import Glibc

/// A line of the process table, from `/proc`.
struct ProcessEntry {
  let id: pid_t
  let name: String
  /// `Z` is one that has ended and waits for its parent.
  let state: Character
  let session: pid_t
  /// In ticks of a hundredth of a second.
  let processorTime: Int

  /// Reads the entry of one process; nil if there is none.
  init?(_ id: pid_t) {
    guard let data = FileManager.default.contents(atPath: "/proc/\(id)/stat") else { return nil }
    let text = String(decoding: data, as: UTF8.self)
    // The name stands in parentheses, and may hold any character.
    guard let open = text.firstIndex(of: "("), let close = text.lastIndex(of: ")") else { return nil }
    let fields = text[text.index(after: close)...].split(separator: " ")
    guard fields.count > 12, let session = pid_t(fields[3]), let user = Int(fields[11]),
      let system = Int(fields[12])
    else { return nil }
    self.id = id
    name = String(text[text.index(after: open)..<close])
    state = fields[0].first ?? "?"
    self.session = session
    processorTime = user + system
  }

  static func all() -> [ProcessEntry] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.compactMap { pid_t($0) }.compactMap(ProcessEntry.init)
  }

  /// The number of a thread of the process whose name begins so.
  static func thread(_ prefix: String, of id: pid_t) -> pid_t? {
    let folder = "/proc/\(id)/task"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.compactMap { pid_t($0) }.first { thread in
      (try? String(contentsOfFile: "\(folder)/\(thread)/comm", encoding: .utf8))?.hasPrefix(prefix) ?? false
    }
  }

  /// Whether the process has ended, whoever has still to be told.
  static func hasEnded(_ id: pid_t) -> Bool {
    ProcessEntry(id).map { $0.state == "Z" || $0.state == "X" } ?? true
  }
}
