import NIOCore
import Testing

@testable import Receiver

@Suite("The answers as bytes")
struct ResponseBytesTests {
  @Test(
    "say status, length and connection, and no more",
    arguments: [
      (200, Persistence.open, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
      (
        401, .openByRequest,
        "HTTP/1.1 401 Unauthorized\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n"
      ),
      (400, .close, "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"),
      (405, .open, "HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n"),
      (204, .open, "HTTP/1.1 204 No Content\r\n\r\n"),
      (304, .close, "HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n"),
      (418, .open, "HTTP/1.1 418 I'm a teapot\r\nContent-Length: 0\r\n\r\n"),
    ])
  func bytes(status: Int, persistence: Persistence, text: String) {
    #expect(String(buffer: ResponseBytes()[Response(status), persistence]) == text)
  }

  @Test("hold the fields and the body of a response that has some")
  func fieldsAndBody() {
    let response = Response(200, fields: [("Content-Type", "text/plain"), ("X-A", "b")], body: [0x68, 0x69])
    #expect(
      String(buffer: ResponseBytes()[response, .close])
        == "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nX-A: b\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi"
    )
  }
}
