import Testing

@testable import hooktop

struct WebAddressTests {
  @Test(
    "an http or https URL with a host is taken as it is",
    arguments: ["http://127.0.0.1:4747", "https://example.test/hook?a=b", "HTTP://[::1]:80/", "http://h"])
  func taken(text: String) {
    #expect(WebAddress(argument: text).fault == nil)
    #expect(WebAddress(argument: text).text == text)
  }

  @Test(
    "anything else is refused",
    arguments: ["", "http:", "http://", "https:///x", "ftp://h", "http://?x"])
  func refused(text: String) {
    #expect(WebAddress(argument: text).fault == "--to takes an http or https URL, not '\(text)'.")
  }

  @Test(
    "an address that only lacks its scheme is shown with one",
    arguments: ["localhost:4747", "foo", "127.0.0.1:80/hook", "[::1]:3000"])
  func hint(text: String) {
    #expect(
      WebAddress(argument: text).fault == "--to takes an http or https URL: did you mean http://\(text)?")
  }
}
