import TestSupport
import Foundation
import Glibc
import Testing

@testable import Diagnosis
@testable import Webhooks

/// What a diagnosis holds at once is bounded, whatever the body is made of.
@Suite("Diagnosis of large bodies", .serialized)
struct DiagnosisMemoryTests {
  private static let size = 256 << 10

  private static func repeated(_ text: String, in size: Int = size) -> [UInt8] {
    Array(String(repeating: text, count: size / text.utf8.count).utf8)
  }

  static let bodies: [(String, [UInt8])] = [
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

  @Test("no body makes a diagnosis hold more than its budget", arguments: bodies.indices)
  func held(index: Int) throws {
    let (name, body) = Self.bodies[index]
    let secret = try SigningSecret("whsec_Zk3Lq9Wm2Xc7Vb1N", label: "parlay", provider: .parlay)
    let header = "t=1745518397,v1=" + String(repeating: "0", count: 64)
    let request = Request(headers: Headers([.init("X-Parlay-Signature", header)]), body: body)
    let arrival = Timestamp(seconds: 1_745_518_400)
    let verdict = Verifier(keyring: Keyring([secret])).verify(request, provider: .parlay, at: arrival)
    let subject = DiagnosisSubject(request: request, receivedAt: arrival, verdict: verdict)
    let budget = DiagnosisBudget(candidates: 250, nanoseconds: .max, bytes: 2 << 20) { 0 }
    let held = try #require(
      PeakMemory.measure { _ = Diagnosis(of: subject, keyring: Keyring([secret]), budget: budget) })
    // The allocator keeps some of what was freed.
    #expect(held < budget.bytes * 3 / 2, "\(name): \(held >> 10) KiB")
  }
}

/// The most memory that the process takes while something runs, in bytes more than before.
enum PeakMemory {
  /// nil where the system does not say.
  static func measure(_ body: () -> Void) -> Int? {
    trim()
    // The number 5 sets the peak to what is resident now.
    guard (try? "5".write(toFile: "/proc/self/clear_refs", atomically: false, encoding: .utf8)) != nil,
      let before = value("VmRSS")
    else { return nil }
    body()
    return value("VmHWM").map { $0 - before }
  }

  /// Gives what was freed back to the system, so that it does not hide what is taken next.
  private static func trim() {
    guard let trim = dlsym(nil, "malloc_trim") else { return }
    _ = unsafeBitCast(trim, to: (@convention(c) (Int) -> Int32).self)(0)
  }

  private static func value(_ name: String) -> Int? {
    guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else { return nil }
    let line = status.split(separator: "\n").first { $0.hasPrefix(name + ":") }
    return line.flatMap { Int($0.filter(\.isNumber)) }.map { $0 << 10 }
  }
}
