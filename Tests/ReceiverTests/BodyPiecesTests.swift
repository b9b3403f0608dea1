import TestSupport
import Testing

@testable import Receiver

@Suite("A body as it grows", .serialized)
struct BodyPiecesTests {
  private static let piece = BodyPieces.pieceSize

  /// As many bytes as asked for, cut as they could come.
  private func body(_ count: Int, inPartsOf part: Int) -> (whole: [UInt8], pieces: BodyPieces) {
    let whole = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
    var pieces = BodyPieces()
    for start in stride(from: 0, to: count, by: part) {
      pieces.append(whole[start..<min(start + part, count)], of: 0)
    }
    return (whole, pieces)
  }

  @Test(
    "is joined as it came, however it was cut",
    arguments: [0, 1, piece - 1, piece, piece + 1, 2 * piece, 3 * piece + 5], [1000, 65_536, 4 * piece])
  func joined(count: Int, part: Int) {
    var (whole, pieces) = body(count, inPartsOf: part)
    #expect(pieces.count == count)
    #expect(pieces.join() == whole)
    #expect(pieces.count == 0)
  }

  @Test("costs no more for each part when it is large: nothing is copied twice")
  func growth() {
    let part = [UInt8](repeating: 7, count: 64 << 10)
    /// The dearest of the parts of a body of that size.
    func dearest(_ size: Int) -> Int {
      var pieces = BodyPieces()
      return (0..<size / part.count).map { _ in Cost.ofThread { pieces.append(part, of: 0) } }.max() ?? 0
    }
    // Copied by doubling, one of the parts takes 64 MiB along: some tens of milliseconds.
    let found = Cost(
      factor: 4, slack: 5_000_000, plain: { dearest(2 << 20) }, hostile: { dearest(128 << 20) })
    #expect(found.isWithinBound, "\(found)")
  }

  @Test("takes its own size and not twice as much while it is joined")
  func memory() throws {
    var pieces = BodyPieces()
    let part = [UInt8](repeating: 7, count: 64 << 10)
    for _ in 0..<4096 { pieces.append(part, of: 0) }
    var whole: [UInt8] = []
    let more = try PeakMemory.measure { whole = pieces.join() }
    #expect(whole.count == 256 << 20)
    // The allocator may keep up to 64 MiB of the pieces that were freed.
    #expect(more < 160 << 20, "\(more >> 20) MiB")
  }
}
