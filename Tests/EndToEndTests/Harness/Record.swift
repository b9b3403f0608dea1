import Foundation

/// A line of NDJSON as a test looks at it.
struct Record {
  struct NotAnObject: Error {
    let line: String
  }

  private let object: [String: Any]

  init(_ line: String) throws {
    guard let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] else {
      throw NotAnObject(line: line)
    }
    self.object = object
  }

  private init(_ object: [String: Any]) {
    self.object = object
  }

  subscript(member: String) -> Record { Record(object[member] as? [String: Any] ?? [:]) }
  func list(_ member: String) -> [Record] { (object[member] as? [[String: Any]] ?? []).map(Record.init) }
  func pairs(_ member: String) -> [[String]] { object[member] as? [[String]] ?? [] }
  func text(_ member: String) -> String? { object[member] as? String }
  func number(_ member: String) -> Int? { (object[member] as? NSNumber)?.intValue }

  var event: String? { text("event") }
  var status: String? { self["verdict"].text("status") }
  var reason: String? { self["verdict"].text("reason") }
  var answer: Int? { self["answer"].number("status") }
  var body: Data? { self["request"].text("body_base64").flatMap { Data(base64Encoded: $0) } }
}
