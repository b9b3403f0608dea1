import JSON
import Testing
import Webhooks

@Suite struct RequestTests {
  @Test("a request counts what its body, target and head take, and the place of each field")
  func byteCount() {
    let request = Request(target: "/hook", headers: Headers([.init("A", "é")]), body: [1, 2, 3])
    #expect(request.byteCount == 5 + 1 + 2 + 3 + 4 + 8)
  }
}
