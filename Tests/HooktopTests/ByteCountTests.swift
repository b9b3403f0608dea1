import Testing

@testable import hooktop

struct ByteCountTests {
  @Test(
    "a number of bytes is read with its unit, in any case",
    arguments: [
      "0": 0, "512": 512, "512b": 512, "64KiB": 65536, "64k": 65536, "10MiB": 10 << 20, "1gib": 1 << 30,
      "10MB": 10_000_000, "2GB": 2_000_000_000,
    ])
  func read(text: String, bytes: Int) {
    #expect(ByteCount(argument: text)?.bytes == bytes)
  }

  @Test(
    "what is not a number of bytes is refused",
    arguments: [
      "", "KiB", "-1", "1.5MiB", "9YiB", "9223372036854775807k", "99999999999999999999", "٣", "1 k",
    ])
  func refused(text: String) {
    #expect(ByteCount(argument: text) == nil)
  }
}
