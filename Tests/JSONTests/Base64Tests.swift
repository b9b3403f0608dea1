import Testing
@testable import JSON

@Suite struct Base64Tests {
  @Test(
    "bytes are written as RFC 4648 says and read back",
    arguments: [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
      ("foobar", "Zm9vYmFy"), ("\u{FFFF}\u{3FF}", "77+/z78="),
    ])
  func vectors(text: String, encoded: String) {
    var bytes: [UInt8] = []
    Base64.append(Array(text.utf8), to: &bytes)
    #expect(String(decoding: bytes, as: UTF8.self) == encoded)
    #expect(Base64.decoded(Array(encoded.utf8).span) == Array(text.utf8))
  }

  @Test(
    "only what an encoder writes is read",
    arguments: [
      "Z", "Zg", "Zg=", "Zm9", "Zh==", "Zm9=", "Zm8=Zm8=", "====", "Z===", "Zm 8=", "Zm9v\n", " Zm9v", "Zm9-",
      "Zm9_",
      "Zmé=", "Zg==Zm9v",
    ])
  func refused(text: String) {
    #expect(Base64.decoded(Array(text.utf8).span) == nil)
  }

  @Test("any bytes come back")
  func roundTrip() {
    for length in 0..<300 {
      let bytes = (0..<length).map { _ in UInt8.random(in: 0...255) }
      var text: [UInt8] = []
      Base64.append(bytes, to: &text)
      #expect(Base64.decoded(text.span) == bytes)
    }
  }
}
