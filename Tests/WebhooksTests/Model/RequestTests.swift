import Testing
import Webhooks

@Suite struct RequestTests {
  @Test("a request holds the bytes of body, target and header fields")
  func byteCount() {
    let request = Request(target: "/hook", headers: Headers([.init("A", "é")]), body: [1, 2, 3])
    #expect(request.byteCount == 5 + 1 + 2 + 3)
  }
}
