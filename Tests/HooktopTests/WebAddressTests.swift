import Testing

@testable import hooktop

struct WebAddressTests {
  @Test(
    "an http or https URL with a host is taken as it is",
    arguments: ["http://127.0.0.1:4747", "https://example.test/hook?a=b", "HTTP://[::1]:80/", "http://h"])
  func taken(text: String) {
    #expect(WebAddress(argument: text)?.text == text)
  }

  @Test(
    "anything else is refused",
    arguments: [
      "", "foo", "localhost:4747", "http:", "http://", "https:///x", "ftp://h", "http:/h", "http://?x",
    ])
  func refused(text: String) {
    #expect(WebAddress(argument: text) == nil)
  }
}
