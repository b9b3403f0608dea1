import JSON
import Testing

@testable import Webhooks

@Suite("A request as a text to be edited")
struct EditableRequestTests {
  private static let original = Request(
    method: "POST", target: "/in?x=1",
    headers: Headers([.init("Host", "a"), .init("Content-Length", "7"), .init("X-A", "1")]),
    body: Array(#"{"a":1}"#.utf8))

  private func read(
    _ text: String, _ original: Request = original
  ) throws(EditFault) -> EditableRequest.Edited {
    try EditableRequest.read(Array(text.utf8), original: original)
  }

  @Test("is read as what it was made of, whatever it holds")
  func roundTrip() throws {
    var requests = [Self.original]
    for body in ["", "\n", "a\n", "a\r\n", "\r", "é", "# body: hex\nzz", "\n\nx"] {
      requests.append(Self.original)
      requests[requests.count - 1].body = Array(body.utf8)
    }
    for body in [[0xFF], [0x00], Array(0...255), [0x0A, 0xFF, 0x0A]] as [[UInt8]] {
      requests.append(Self.original)
      requests[requests.count - 1].body = body
    }
    requests.append(Request(method: "PUT", target: "*", version: .http10, headers: [], body: [0x0A]))
    for request in requests {
      let edited = try EditableRequest.read(EditableRequest.text(of: request), original: request)
      #expect(edited == EditableRequest.Edited(request: request, isNewlineLeftOut: false))
    }
  }

  @Test("has the request line, the headers, an empty line and the body, and says how it is read")
  func text() {
    let text = String(decoding: EditableRequest.text(of: Self.original), as: UTF8.self)
    #expect(text.hasSuffix("\nPOST /in?x=1 HTTP/1.1\nHost: a\nContent-Length: 7\nX-A: 1\n\n{\"a\":1}"))
    #expect(text.split(separator: "\n").prefix { $0.hasPrefix("#") }.count == 3)
    var binary = Self.original
    binary.body = Array(repeating: 0xFF, count: 33)
    let hex = String(decoding: EditableRequest.text(of: binary), as: UTF8.self)
    #expect(hex.contains("\n# body: hex\n") && hex.hasSuffix("ff ff\nff\n"))
  }

  @Test("what was edited is what is sent")
  func edited() throws {
    let edited = try read("PUT /x HTTP/1.0\nb:  2 \nB: 3\nX: \n\nnew\n\nbody").request
    #expect(edited.method == "PUT" && edited.target == "/x" && edited.version == .http10)
    #expect(edited.headers.map { [$0.name.text, $0.value.text] } == [["b", "2"], ["B", "3"], ["X", ""]])
    #expect(edited.body == Array("new\n\nbody".utf8))
    // Without a version it stays as it was.
    #expect(try read("GET /x\n\nb").request.version == .http11)
  }

  @Test("line ends may be CRLF in the head, and stay in the body what they are")
  func crlf() throws {
    let edited = try read("# note\r\nPOST / HTTP/1.1\r\nA: 1\r\n\r\na\r\nb\r\n")
    #expect(edited.request.headers.map(\.value) == ["1"] && edited.request.target == "/")
    #expect(edited.request.body == Array("a\r\nb".utf8) && edited.isNewlineLeftOut)
  }

  @Test(
    "one newline that an editor adds at the end is left out, and no other",
    arguments: [
      ("a", "a\n", "a", true), ("a", "a\n\n", "a\n", true), ("a\n", "a\n", "a\n", false),
      ("a\n", "a\n\n", "a\n\n", false), ("a\n", "a", "a", false), ("a", "b", "b", false),
      ("", "\n", "", true),
      ("a\r", "a\r\n", "a\r", true),
    ])
  func newline(body: String, edited: String, expected: String, isLeftOut: Bool) throws {
    let original = Request(headers: [], body: Array(body.utf8))
    let found = try read("POST / HTTP/1.1\n\n\(edited)", original)
    #expect(found.request.body == Array(expected.utf8) && found.isNewlineLeftOut == isLeftOut)
  }

  @Test("the length follows the body, unless the user has changed it or there was none")
  func length() throws {
    let head = "POST / HTTP/1.1\nContent-length: "
    #expect(try read(head + "7\n\n12345").request.headers.all("content-length") == ["5"])
    #expect(try read(head + "99\n\n12345").request.headers.all("content-length") == ["99"])
    #expect(try read("POST / HTTP/1.1\n\n12345").request.headers.isEmpty)
  }

  @Test(
    "what is no request says which line is wrong",
    arguments: [
      ("", .noRequestLine(line: 1)), ("# only\n# notes\n", .noRequestLine(line: 3)),
      ("# a\nPOST\n\nb", .noRequestLine(line: 2)), ("POST / HTTP/2\n\nb", .noRequestLine(line: 1)),
      ("PO ST / HTTP/1.1\n\nb", .noRequestLine(line: 1)), ("P(ST /\n\nb", .noRequestLine(line: 1)),
      ("POST /\u{1}\n\nb", .noRequestLine(line: 1)),
      ("POST /\nA: 1\nnonsense\n\nb", .noHeader(line: 3)), ("POST /\n: 1\n\nb", .noHeader(line: 2)),
      ("POST /\nA : 1\n\nb", .noHeader(line: 2)), ("POST /\nA: \u{1}\n\nb", .noHeader(line: 2)),
      ("POST /\n# A: 1\n\nb", .noHeader(line: 2)), ("POST /\nA: 1", .noEmptyLine),
      ("POST /\nA: 1\n", .noEmptyLine), ("# body: hex\nPOST /\n\n7b 2", .oddDigits(count: 3)),
      ("# body: hex\nPOST /\n\n7b\n7g", .badDigit(line: 5)),
    ] as [(String, EditFault)])
  func faults(text: String, fault: EditFault) {
    let found = #expect(throws: EditFault.self) { try read(text) }
    #expect(found == fault)
    #expect(!fault.sentence.contains("\n"))
  }

  @Test("a body in hexadecimal digits may have blanks, lines and capitals")
  func hex() throws {
    #expect(try read("# body: hex\nPOST /\n\n7B\t00 f\nF\n\n").request.body == [0x7B, 0, 0xFF])
    // Without its comment it is a text.
    #expect(try read("POST /\n\n7B").request.body == Array("7B".utf8))
  }

  @Test("of a request without a body an editor may have taken the empty line")
  func noBody() throws {
    let original = Request(headers: [], body: [])
    #expect(try read("GET / HTTP/1.1\nA: 1\n", original).request.body.isEmpty)
  }
}
