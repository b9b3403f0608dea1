import Foundation
import JSON
import TestSupport
import Testing
@testable import Webhooks

@Suite struct MACKeyTests {
  struct Case: CustomTestStringConvertible {
    let number: Int
    let key: [UInt8]
    let data: [UInt8]
    let sha256: String
    var testDescription: String { "RFC 4231 case \(number)" }
  }

  static let cases = [
    Case(
      number: 1, key: Array(repeating: 0x0b, count: 20), data: Array("Hi There".utf8),
      sha256: "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
    Case(
      number: 2, key: Array("Jefe".utf8), data: Array("what do ya want for nothing?".utf8),
      sha256: "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
    Case(
      number: 3, key: Array(repeating: 0xaa, count: 20), data: Array(repeating: 0xdd, count: 50),
      sha256: "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
    Case(
      number: 4, key: Array(0x01...0x19), data: Array(repeating: 0xcd, count: 50),
      sha256: "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
    Case(
      number: 6, key: Array(repeating: 0xaa, count: 131),
      data: Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
      sha256: "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"),
    Case(
      number: 7, key: Array(repeating: 0xaa, count: 131),
      data: Array(
        """
        This is a test using a larger than block-size key and a larger than block-size data. The key needs \
        to be hashed before being used by the HMAC algorithm.
        """.utf8),
      sha256: "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"),
  ]

  @Test("the code is the one of RFC 4231, in one part or in many", arguments: cases)
  func rfc4231(example: Case) throws {
    let key = try #require(MACKey(example.key))
    #expect(key.digest([example.data]).map(Hex.text) == example.sha256)
    #expect(key.digest(example.data.map { [$0] }).map(Hex.text) == example.sha256)
    let mac = try #require(MAC(lowercaseHex: example.sha256.utf8))
    #expect(key.authenticate(SignedText(before: [], body: example.data))?.matches(mac) == true)
  }

  @Test("the code of a delivery covers t, a dot and the body")
  func signedText() throws {
    let key = try #require(MACKey(Array("k".utf8)))
    let text = SignedText(before: Array("12.".utf8), body: Array("{}".utf8))
    let mac = try #require(key.authenticate(text))
    func code(_ text: String) -> MAC? { key.authenticate(SignedText(before: [], body: Array(text.utf8))) }
    #expect(code("12.{}")?.matches(mac) == true)
    #expect(code("12{}")?.matches(mac) == false)
  }

  @Test("an empty key is a key, and an empty text has a code")
  func empty() throws {
    #expect(
      try #require(MACKey([])).digest([]).map(Hex.text)
        == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad")
  }

  @Test("a code is as long as its digest", arguments: SignatureScheme.Digest.allCases)
  func otherDigests(digest: SignatureScheme.Digest) throws {
    let key = try #require(MACKey([1], digest: digest))
    #expect(key.digest([[2]])?.count == digest.size)
    #expect(key.authenticate(SignedText(before: [], body: [2]))?.size == digest.size)
  }

  @Test("a digest that libcrypto refuses has no pattern that keys are made of")
  func unknownDigest() {
    #expect(MACKey.pattern(digest: "NO-SUCH-DIGEST") == nil)
  }

  @Test("a key makes the right code after others, and on several threads at once", arguments: [1, 8])
  func shared(threads: Int) throws {
    let key = try #require(MACKey(Array("Jefe".utf8)))
    let texts = (0..<64).map { [UInt8](repeating: UInt8($0), count: 7 * $0) }
    // Each by a key of its own, which has made no code before.
    let due = texts.map { MACKey(Array("Jefe".utf8))?.digest([$0]) }
    DispatchQueue.concurrentPerform(iterations: threads) { thread in
      for round in 0..<20 {
        for (place, text) in texts.enumerated() {
          let signed = SignedText(before: text, body: [])
          let code = round % 2 == 0 ? key.digest([text]) : key.authenticate(signed)?.array
          #expect(code == due[place], "thread \(thread), text \(place)")
        }
      }
    }
  }

  @Test("a context begins anew where libcrypto does so without a key: from 3.0.3 on")
  func restarts() {
    let due: [(UInt, Bool)] = [
      (0x3000_0000, false), (0x3000_0020, false), (0x3000_0030, true), (0x3000_0110, true),
      (0x3050_0000, true),
    ]
    for (version, restarts) in due { #expect(MACKey.restarts(atVersion: version) == restarts) }
  }

  private static let openSSL = "/usr/bin/openssl"

  @Test(
    "openssl on the command line makes the same code",
    .enabled(if: FileManager.default.isExecutableFile(atPath: openSSL)),
    arguments: ["whsec_test_secret", "a", String(repeating: "k", count: 200), "schlüssel"])
  func commandLine(secret: String) throws {
    let body = Array(#"{"id":"evt_1","text":"日本語"}"#.utf8)
    let command = [Self.openSSL, "dgst", "-sha256", "-hmac", secret, "-r"]
    let answer = try Program.run(command, input: Array("1745518397.".utf8) + body)
    let expected = String(decoding: answer.prefix(64), as: UTF8.self)
    let signing = try SigningSecret(secret, label: "parlay", provider: .parlay)
    #expect(signing.signature(timestamp: "1745518397", body: body) == expected)
  }
}
