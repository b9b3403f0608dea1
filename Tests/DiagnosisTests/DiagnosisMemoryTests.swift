import TestSupport
import Testing

@testable import Diagnosis
@testable import Webhooks

/// What a diagnosis holds at once is bounded, whatever the body is made of.
@Suite("Diagnosis of large bodies", .serialized)
struct DiagnosisMemoryTests {
  static let names = bodies(of: 0).map(\.name)

  private static func bodies(of size: Int) -> [(name: String, body: [UInt8])] {
    func repeated(_ text: String, in size: Int = size) -> [UInt8] {
      Array(String(repeating: text, count: size / text.utf8.count).utf8)
    }
    return [
      ("deep nesting", repeated("[", in: size / 2) + repeated("]", in: size / 2)),
      ("deep nesting, open", repeated("[")),
      ("deep objects", repeated(#"{"b":"#) + Array("1".utf8) + repeated("}", in: size / 5)),
      ("many arrays", Array("[".utf8) + repeated("[1],") + Array("1]".utf8)),
      ("many unsorted objects", Array("[".utf8) + repeated(#"{"b":1,"a":2},"#) + Array("1]".utf8)),
      ("escapes", Array("\"".utf8) + repeated("\\u00e9") + Array("\"".utf8)),
      ("base64", repeated("QUJD")), ("returns", repeated("\r\n")), ("newlines", repeated("\n")),
      ("Latin-1", [UInt8](repeating: 0xE9, count: size)), ("UTF-16", repeated("a\0")),
      ("twice encoded", repeated("\u{C3}\u{A9}")),
    ]
  }

  // What the first diagnosis of a process reads in (code, tables, libcrypto's state) is no part of what one holds.
  private static let warmUp: Void = {
    for (_, body) in bodies(of: 4 << 10) { _ = try? diagnosis(of: body, bytes: 2 << 20) }
  }()

  private static func diagnosis(of body: [UInt8], bytes: Int) throws -> Diagnosis {
    try .fruitless(body, budget: DiagnosisBudget(candidates: 100, nanoseconds: .max, bytes: bytes) { 0 })
  }

  @Test("no body makes a diagnosis hold more than its budget", arguments: names.indices)
  func held(index: Int) throws {
    Self.warmUp
    let (name, body) = Self.bodies(of: 256 << 10)[index]
    let budget = 2 << 20
    // The allocator keeps some of what was freed.
    let limit = budget * 3 / 2
    // Other threads of the process can only add to the peak, so the least of some is the diagnosis's own.
    var held = Int.max
    for _ in 1...3 where held >= limit {
      held = min(held, try PeakMemory.measure { _ = try Self.diagnosis(of: body, bytes: budget) })
    }
    #expect(held < limit, "\(name): \(held >> 10) KiB")
  }
}
