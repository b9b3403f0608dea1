import TestSupport
import Testing

@testable import Diagnosis

/// What programs compress is made again, byte by byte.
@Suite("Compressing again", .enabled(if: Recompression.isAvailable))
struct RecompressionTests {
  private static let second = 1_763_716_800
  private static let body = Array((0..<300).map { #"{"n":\#($0),"name":"item \#($0 * 7)"}"# }.joined().utf8)

  /// What Python calls make of a body, and whether that is gzip or deflate.
  static let programs: [(String, BodyWrapping)] = [
    ("zlib.compress(body)", .deflateRemoved), ("zlib.compress(body, 9)", .deflateRemoved),
    ("zlib.compress(body, 1)", .deflateRemoved), ("zlib.compress(body)[2:-4]", .deflateRemoved),
    ("gzip.compress(body, mtime=0)", .gzipRemoved),
    ("gzip.compress(body, 6, mtime=0)", .gzipRemoved), ("gzip.compress(body, 1, mtime=0)", .gzipRemoved),
    ("gzip.compress(body, mtime=\(second))", .gzipRemoved),
    ("gzip.compress(body, mtime=\(second - 1))", .gzipRemoved),
  ]

  @Test("what a program compressed is among what is made", arguments: programs.indices)
  func made(index: Int) throws {
    let (expression, due) = Self.programs[index]
    let script = """
      import gzip, sys, zlib
      body = sys.stdin.buffer.read()
      sys.stdout.buffer.write(\(expression))
      """
    let packed = try Program.run(["python3", "-c", script], input: Self.body)
    var found: BodyWrapping?
    _ = Recompression.visit(Self.body, second: Int64(Self.second)) { wrapping, bytes in
      if bytes == packed { found = wrapping }
      return found != nil
    }
    #expect(found == due, "\(expression)")
  }

  @Test("bytes that can't be made smaller are compressed, too")
  func incompressible() {
    var random = SeededRandom(seed: 5)
    let body = (0..<100_000).map { _ in UInt8.random(in: 0...255, using: &random) }
    var made: [[UInt8]] = []
    #expect(
      !Recompression.visit(body, second: nil) {
        made.append($1); return false
      })
    #expect(made.count == 14)
    #expect(made.prefix(8).allSatisfy { Inflation.gunzipped($0, limit: 1 << 20) == body })
  }
}
