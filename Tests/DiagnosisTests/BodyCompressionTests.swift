import JSON
import Testing

@testable import Diagnosis

@Suite struct BodyCompressionTests {
  private static let text =
    #"{"id":"evt_1","event":"webhook.test","data":["a","a","a","a","a","a","a","a","a"]}"#

  /// What other programs made of the text: gzip, zlib and a bare deflate stream by Python, zstd and brotli by their own.
  private static let streams: [(BodyCompression, encoding: String?, base64: String)] = [
    (
      .gzip, nil,
      "H4sIAAAAAAACA6tWykxRslJKLSuJN1TSAdKpeSVAfnlqUkZ+frZeSWpxCVA4JbEkUckqWikRyMaPY2sBi57N0FIAAAA="
    ),
    (.deflate, nil, "eJyrVspMUbJSSi0riTdU0gHSqXklQH55alJGfn62XklqcQlQOCWxJFHJKlopEcjGj2NrAfDcFn0="),
    (.deflate, "Deflate", "q1bKTFGyUkotK4k3VNIB0ql5JUB+eWpSRn5+tl5JanEJUDglsSRRySpaKRHIxo9jawE="),
    (
      .zstd, nil,
      "KLUv/QRY1QEANAN7ImlkIjoiZXZ0XzEiLCJldmVudCI6IndlYmhvb2sudGVzdCIsImRhdGEiOlsiYSIsXX0BAHHjoP3XKfw="
    ),
    (
      .brotli, " br ",
      "G1EAAASindN+8y/Wn1ZJ5IuUX8QgsAEn4GkgHNhyB86ZOo/RUOzsHBC3rY1yrXb3eYMQIXdp0EhBIH0="
    ),
  ]

  private static func bytes(_ base64: String) -> [UInt8] {
    Base64.decodedLeniently(Array(base64.utf8)[...]) ?? []
  }

  @Test(
    "each is recognised and unpacked, by its first bytes or by what the header says",
    arguments: streams.indices)
  func unpacked(index: Int) throws {
    let (compression, encoding, base64) = Self.streams[index]
    let body = Self.bytes(base64)
    let found = BodyCompression(of: body, encoding: encoding.map { ByteString($0) })
    #expect(found == compression)
    let unpacked = try compression.unpacked(body, limit: 1000) { false }
    #expect(String(decoding: unpacked, as: UTF8.self) == Self.text)
  }

  @Test("the first bytes come out alone, and none of a stream that breaks before", arguments: streams.indices)
  func beginning(index: Int) throws {
    let (compression, _, base64) = Self.streams[index]
    let body = Self.bytes(base64)
    let text = Array(Self.text.utf8)
    let first = try #require(compression.beginning(of: body, atMost: 40))
    #expect(!first.isWhole && (1...40).contains(first.bytes.count) && text.starts(with: first.bytes))
    let all = try #require(compression.beginning(of: body, atMost: 1000))
    #expect(all.isWhole && all.bytes == text)
    #expect(compression.beginning(of: Array(body.prefix(body.count / 2)), atMost: 1000) == nil)
  }

  @Test("what is larger than the limit, damaged or cut off is told apart", arguments: streams.indices)
  func faults(index: Int) throws {
    let (compression, _, base64) = Self.streams[index]
    let body = Self.bytes(base64)
    let size = Self.text.utf8.count
    #expect(try compression.unpacked(body, limit: size) { false }.count == size)
    #expect(throws: BodyCompression.Fault.tooLarge(limit: size - 1)) {
      try compression.unpacked(body, limit: size - 1) { false }
    }
    #expect(throws: BodyCompression.Fault.broken) {
      try compression.unpacked(Array(body.prefix(body.count / 2)), limit: 1000) { false }
    }
  }

  @Test("a header alone makes no compression of other bytes, and text has no mark of one")
  func others() {
    #expect(BodyCompression(of: Array(Self.text.utf8), encoding: nil) == nil)
    #expect(BodyCompression(of: Array(Self.text.utf8), encoding: "gzip") == nil)
    #expect(BodyCompression(of: [], encoding: "br") == nil)
    #expect(BodyCompression(of: [0xFF, 0xD8], encoding: "identity") == nil)
    #expect(
      BodyCompression.gzip.isCertain(of: [0x1F, 0x8B, 8]) && !BodyCompression.brotli.isCertain(of: [1]))
  }

  /// A gzip file of `count` zeros, in stored blocks of none to make it long, or in one that repeats the byte before.
  private static func bomb(_ block: [UInt8], count: Int) -> [UInt8] {
    [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3] + Array(repeatElement(block, count: count).joined())
  }

  @Test("unpacking ends soon after nobody waits, even of blocks that hold nothing")
  func cancelled() {
    let empty = Self.bomb([0, 0, 0, 0xFF, 0xFF], count: 10_000)
    let full = Self.bomb([0, 0xFF, 0xFF, 0, 0] + Array(repeating: 7, count: 0xFFFF), count: 20)
    for body in [empty, full] {
      #expect(throws: BodyCompression.Fault.cancelled) {
        try BodyCompression.gzip.unpacked(body, limit: 1 << 30) { true }
      }
      #expect(throws: BodyCompression.Fault.broken) {
        try BodyCompression.gzip.unpacked(body, limit: 1 << 30) { false }
      }
    }
  }
}
