import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Diagnosis
@testable import JSON
@testable import Webhooks

/// Bodies that are made to keep the search busy, or to fill the memory.
@Suite("Diagnosis of hostile bodies", .serialized)
struct HostileBodyTests {

  private static func repeated(_ text: String, _ count: Int) -> [UInt8] {
    Array(String(repeating: text, count: count).utf8)
  }

  private static func nested(_ levels: Int) -> [UInt8] {
    repeated(#"{"a":"#, levels) + [0x31] + repeated("}", levels)
  }

  private static func keys(_ count: Int) -> [UInt8] {
    Array("{\((0..<count).map { "\"k\($0)\":\($0)" }.joined(separator: ","))}".utf8)
  }

  static let bodies: [(String, [UInt8])] = [
    ("objects 900 deep", nested(900)), ("objects 9,000 deep", nested(9000)), ("50,000 keys", keys(50000)),
    ("escapes only", [0x22] + repeated("\\u00e9", 10000) + [0x22]),
    (
      "base64 eight deep",
      (1...8).reduce(repeated(#"{"a":1}"#, 300)) { body, _ in Base64.encoded(body) }
    ),
    ("60,000 quotes", repeated("\"", 60000)),
    ("60,000 question marks", [0x22] + repeated("?", 60000) + [0x22]),
    (
      "random bytes",
      {
        var random = SeededRandom(seed: 11)
        return (0..<60000).map { _ in UInt8.random(in: 0...255, using: &random) }
      }()
    ),
  ]

  @Test(
    "a hostile body costs a small multiple of a plain one of its size, and nothing is proven",
    arguments: bodies.indices)
  func cost(index: Int) throws {
    let (name, body) = Self.bodies[index]
    let plain = Array("{\"text\":\"".utf8) + Self.repeated("abcd efg ", body.count / 9) + Array("\"}".utf8)
    let budget = DiagnosisBudget(candidates: 150, nanoseconds: .max, bytes: 8 << 20) { 0 }
    var proofs = 0
    func cost(_ body: [UInt8]) throws -> Int {
      try Cost.ofThread { if try Diagnosis.fruitless(body, budget: budget).proof != nil { proofs += 1 } }
    }
    let found = try Cost(
      factor: 20, slack: 200_000_000, plain: { try cost(plain) }, hostile: { try cost(body) })
    #expect(found.isWithinBound, "\(name): \(found)")
    #expect(proofs == 0)
  }

  @Test(
    "the search of a hostile body looks at the clock often enough to end with its time",
    arguments: bodies.indices)
  func time(index: Int) throws {
    let (name, body) = Self.bodies[index]
    let start = Cost.threadTime()
    // Each candidate that is tried reads the clock once: between two readings is what making one of them takes.
    let readings = Mutex<(last: Int, longest: Int)>((0, 0))
    _ = try Diagnosis.fruitless(
      body,
      budget: DiagnosisBudget(candidates: 150, nanoseconds: .max) {
        readings.withLock { readings in
          let now = Cost.threadTime() - start
          readings.longest = max(readings.longest, now - readings.last)
          readings.last = now
        }
        return 0
      })
    let whole = Cost.threadTime() - start
    let longest = readings.withLock { $0.longest }
    #expect(longest * 2 < whole, "\(name): \(longest) ns of \(whole) ns")
  }
}

/// Compressed bodies that hold a thousand times their size.
@Suite("Diagnosis of bodies that inflate", .serialized)
struct BombTests {
  /// Compressors that Python has, or that it finds in the system's libraries; each prints what 64 MiB of zeros become.
  static let compressors: [(String, String)] = [
    ("gzip", "import gzip; r = gzip.compress(z)"),
    ("zlib", "import zlib; r = zlib.compress(z, 9)"),
    ("gzip in gzip", "import gzip; r = gzip.compress(gzip.compress(z))"),
    (
      "brotli",
      """
      import ctypes
      l = ctypes.CDLL('libbrotlienc.so.1')
      n = ctypes.c_size_t(1 << 20)
      o = ctypes.create_string_buffer(1 << 20)
      assert l.BrotliEncoderCompress(9, 22, 0, ctypes.c_size_t(len(z)), z, ctypes.byref(n), o)
      r = o.raw[:n.value]
      """
    ),
    (
      "zstd",
      """
      import ctypes
      l = ctypes.CDLL('libzstd.so.1')
      l.ZSTD_compress.restype = ctypes.c_size_t
      o = ctypes.create_string_buffer(1 << 20)
      n = l.ZSTD_compress(o, ctypes.c_size_t(1 << 20), z, ctypes.c_size_t(len(z)), 3)
      assert n < 1 << 20
      r = o.raw[:n]
      """
    ),
  ]

  private static func bomb(_ program: String) throws -> [UInt8]? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "python3", "-c", "import sys\nz = bytes(64 << 20)\n\(program)\nsys.stdout.buffer.write(r)",
    ]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let bytes = Array(output.fileHandleForReading.readDataToEndOfFile())
    process.waitUntilExit()
    return process.terminationStatus == 0 ? bytes : nil
  }

  @Test("no bomb makes the search hold more than its memory", arguments: compressors.indices)
  func memory(index: Int) throws {
    let (name, program) = Self.compressors[index]
    guard let body = try Self.bomb(program) else {
      print("\(name) is not installed: its bomb is not tried")
      return
    }
    #expect(body.count < 1 << 20)
    let bytes = 8 << 20
    var held = Int.max
    for _ in 1...3 where held >= bytes * 3 / 2 {
      held = min(
        held,
        try PeakMemory.measure {
          let limit = SearchMemory(bytes)
          _ = BodyWrapping.visitWrapped(body, limit) { _, bytes in
            #expect((bytes?.count ?? 0) <= limit.candidate)
            return false
          }
        })
    }
    #expect(held < bytes * 3 / 2, "\(name): \(held >> 10) KiB")
  }
}
