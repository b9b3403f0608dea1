import Testing

@testable import Webhooks

@Suite struct ByteDifferenceTests {
  @Test("the same bytes do not differ")
  func same() {
    #expect(ByteDifference(received: [1, 2], original: [1, 2]) == nil)
    #expect(ByteDifference(received: [], original: []) == nil)
  }

  @Test("the first difference is found with both sides around it")
  func first() throws {
    let received = Array("0123456789012345678901234567890123456789x".utf8)
    let original = Array("0123456789012345678901234567890123456789y and more".utf8)
    let difference = try #require(ByteDifference(received: received, original: original))
    #expect(difference.offset == 40)
    #expect(difference.excerptStart == 16)
    #expect(difference.receivedExcerpt == received[16...].map { $0 })
    #expect(difference.originalExcerpt == original[16...].map { $0 })
    #expect(difference.sentence == "at byte 40 'x' came where 'y' was signed")
  }

  @Test("a body that ends early differs at its end")
  func end() throws {
    let difference = try #require(ByteDifference(received: [0x61], original: [0x61, 0x0A]))
    #expect(difference.sentence == "at byte 1 the end came where 0x0a was signed")
  }

  @Test("the signed text is t, a dot and the body as it came")
  func signedText() {
    let request = Request(headers: Headers([.init("X-Parlay-Signature", "t=12,v1=00")]), body: [0x7B, 0x7D])
    #expect(SignedText(of: request, provider: .parlay).bytes == Array("12.{}".utf8))
    #expect(SignedText(of: request, provider: nil).bytes == [0x7B, 0x7D])
    let other = SignedText(before: Array("13.".utf8), body: [0x7B, 0x7D])
    #expect(SignedText(of: request, provider: .parlay).firstDifference(from: other)?.offset == 1)
  }
}
