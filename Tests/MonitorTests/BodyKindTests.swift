import JSON
import TestSupport
import Testing
import Webhooks

@testable import Monitor

/// What a body is, told by its bytes, and how each kind is laid out.
@Suite struct BodyKindTests {
  static func reading(_ body: String, _ type: String? = nil) -> BodyReading {
    reading(Array(body.utf8), type)
  }

  static func reading(_ body: [UInt8], _ type: String? = nil) -> BodyReading {
    BodyReading(body, Headers(type.map { [.init("Content-Type", $0)] } ?? []))
  }

  static func lines(_ body: String, _ type: String? = nil) -> [String] {
    PayloadText.lines(reading(body, type).document(.pretty))
  }

  private static let form = "application/x-www-form-urlencoded"
  private static let kinds: [(body: String, type: String?, kind: String)] = [
    (#"{"a":1}"#, form, "JSON"), (" [1]\n", "text/plain", "JSON"), (#""a""#, nil, "JSON"),
    ("12", nil, "JSON"),
    ("\u{FEFF}{}", nil, "JSON"), (#"{"a":1,}"#, nil, "JSON"), (#"{"a"#, nil, "JSON"),
    (#"{"a":"#, form, "JSON"),
    ("", nil, "JSON"), ("hello", "application/json", "JSON"),
    ("hello", "application/cloudevents+json", "JSON"),
    ("hello", nil, "text"), ("[2026-11-29] GET /", nil, "text"), ("[1] see below", nil, "text"),
    ("{not json}", nil, "text"), ("true story", nil, "text"), ("12 monkeys", nil, "text"),
    ("a=1&b=2", form, "form"), ("a=1&b=2", nil, "form"), ("payload=1", "application/json", "form"),
    ("a=1&b=2", "text/plain", "text"), ("a=1 2&b", form, "form"), ("hello", form, "text"),
    ("YWJjZA==", nil, "text"), ("YWJjZA=", nil, "text"), ("a=1&&b=2", nil, "text"), ("a=b=c", nil, "text"),
    ("a=1\nb=2", nil, "text"), ("a%5B%5D=1", nil, "form"),
    ("<a/>", nil, "XML"), ("<?xml version=\"1.0\"?><a/>", "text/html", "HTML"), ("<a><b></a>\n", nil, "XML"),
    ("\u{FEFF} <a/>", nil, "XML"), ("<3 this", nil, "text"), ("<a cut", nil, "text"), ("<a>cut", nil, "text"),
    ("<a>cut", "text/xml", "XML"), ("<a cut", "text/xml", "text"),
    ("<!DOCTYPE html><p>a", "text/html; charset=utf-8", "HTML"), ("<HTML></html>", nil, "HTML"),
    ("<p>a</p>", nil, "XML"), ("hello", "text/html", "text"),
    ("--bound\r\nA: 1\r\n\r\nx\r\n--bound--\r\n", nil, "multipart"),
    ("--b\r\n\r\nx\r\n--b--\r\n", "multipart/form-data; boundary=b", "multipart"),
    ("--b\r\n\r\nx\r\n--b--\r\n", "multipart/form-data; boundary=other", "text"),
    ("--- a list\n--- of two", nil, "text"), ("-----\nTitle: x\n", nil, "text"),
    ("--key: value", nil, "text"),
    ("caf\u{E9} \u{1B}[31mred", nil, "text"), ("a\u{0}b", nil, "binary"), ("\u{1}\u{2}\u{3}", nil, "binary"),
  ]

  @Test("the kind is told by the bytes, and by the header only where they leave it open", arguments: kinds)
  func kind(body: String, type: String?, kind: String) {
    #expect(Self.reading(body, type).kind.name == kind, "\(body) as \(type ?? "nothing")")
  }

  @Test("bytes that are hardly text are binary, and text in an older charset is text")
  func charset() {
    #expect(Self.reading([0xFF, 0xD8, 0xFF, 0xE0] + Array("JFIF".utf8)).kind.name == "binary")
    let latin = Array("Gr".utf8) + [0xFC] + Array("ezi mitenand".utf8)
    #expect(Self.reading(latin).kind.name == "text")
  }

  @Test("what the header announces is told where the bytes are something else")
  func announced() {
    #expect(Self.reading("{}", Self.form).announced?.name == "form")
    #expect(Self.reading("payload=1", "application/json").announced?.name == "JSON")
    for (body, type) in [
      ("{}", "application/json"), ("{}", nil), ("{}", "image/png"), ("hello", "application/json"),
    ] {
      #expect(Self.reading(body, type).announced == nil)
    }
  }

  @Test(
    "a form has a line for each field, decoded, and what a value holds below it",
    arguments: [
      ("a=1&b=x+y%26z", ["a = 1", "b = x y&z"]), ("a=&b=2\n", ["a = ", "b = 2"]),
      ("&&a=1&&flag&", ["a = 1", "flag"]),
      ("a=100%&b=%zz", ["a = 100%", "b = %zz"]), ("n%0Aame=1", ["n\rame = 1"]),
      ("note=one%0D%0Atwo%0A", ["note =", "  one", "  two", "  "]),
      ("payload=%7B%22a%22%3A%5B1%5D%7D", ["payload =", "  {", "    \"a\": [", "      1", "    ]", "  }"]),
      ("n=12&s=%22x%22", ["n = 12", "s = \"x\""]),
    ])
  func form(body: String, lines: [String]) {
    #expect(Self.lines(body, Self.form) == lines)
  }

  @Test("a multipart body shows each part's headers, and its content by its own kind")
  func multipart() {
    let body = """
      preamble
      --x-y
      Content-Disposition: form-data; name="json"
      Content-Type: application/json

      {"a":1}
      --x-y
      content-type: application/x-www-form-urlencoded

      a=b&c=d
      --x-y

      no headers
      --x-y-z is no delimiter
      --x-y--
      epilogue
      """
    for body in [body, body.replacing("\n", with: "\r\n")] {
      let shown = Self.lines(body, "multipart/mixed; charset=utf-8; Boundary=\"x-y\"")
      #expect(
        shown == [
          "before the parts, 8 B", "  preamble", "", "part 1, 7 B",
          "Content-Disposition: form-data; name=\"json\"", "Content-Type: application/json",
          "",
          "  {", "    \"a\": 1", "  }", "", "part 2, 7 B", "content-type: application/x-www-form-urlencoded",
          "",
          "  a = b", "  c = d", "", "part 3, \(body.utf8.contains(13) ? 35 : 34) B", "", "  no headers",
          "  --x-y-z is no delimiter", "", "after the parts, 8 B", "  epilogue",
        ])
    }
  }

  @Test("a part that no delimiter ends goes to the end, and one without a header is all content")
  func cutMultipart() {
    #expect(
      Self.lines("--b\nA: 1\n\nx\n--b\nno blank line", "multipart/form-data; boundary=b") == [
        "part 1, 1 B", "A: 1", "", "  x", "", "part 2, 13 B", "", "  no blank line",
      ])
    #expect(Self.lines("--b\nA: 1\n\n", "multipart/form-data; boundary=b") == ["part 1, 0 B", "A: 1"])
  }

  @Test("binary parts are shown in hexadecimal, long ones in part, and parts inside parts not without end")
  func nested() {
    let binary = String(repeating: "\u{0}", count: 300)
    let lines = Self.lines("--b\nA: 1\n\n\(binary)\n--b--", "multipart/form-data; boundary=b")
    #expect(lines[3].hasPrefix("  00000000  00 00"))
    #expect(lines.last == "  … 44 B more" && lines.count == 3 + 16 + 1)
    let deep = (0..<50).reversed().reduce("x") { inner, depth in
      "--b\(depth)\nContent-Type: multipart/mixed; boundary=b\(depth + 1)\n\n\(inner)\n--b\(depth)--"
    }
    let shown = Self.lines(deep, "multipart/mixed; boundary=b0")
    #expect(shown.count { $0.contains("part 1, ") } == BodyContent.deepest + 1)
    #expect(shown.contains { $0.contains("--b30") })
  }

  @Test(
    "XML is indented by its elements, with text and its end beside them where there is nothing else",
    arguments: [
      ("<a><b>1</b><c/></a>", ["<a>", "  <b>1</b>", "  <c/>", "</a>"]),
      (
        "<?xml version='1.0'?>\n<!-- a\nb -->\n<a x=\"1>2\">t<b> u </b>v</a>",
        ["<?xml version='1.0'?>", "<!-- a", "b -->", "<a x=\"1>2\">", "  t", "  <b>u</b>", "  v", "</a>"]
      ),
      ("<a>\n one\n\n two \n</a>", ["<a>", "  one", "  two", "</a>"]),
      ("<a><![CDATA[<b>]]></a>", ["<a>", "  <![CDATA[<b>]]>", "</a>"]),
      (
        "<a>\n  <b\n    c='1'\n    d='2'>x</b>\n</a>",
        ["<a>", "  <b", "      c='1'", "      d='2'>x</b>", "</a>"]
      ),
      ("<a></a>", ["<a></a>"]), ("<a></A>", ["<a>", "  </A>"]),
      ("<a></b></c></a>", ["<a>", "  </b>", "  </c>", "</a>"]),
      ("<a><b><c></a><d/>", ["<a>", "  <b>", "    <c>", "</a>", "<d/>"]),
      ("<a><!-- open <b/>", ["<a>", "  <!-- open", "  <b/>"]), ("<a <b>x</b>", ["<a", "<b>x</b>"]),
      ("<é>ü</é>", ["<é>ü</é>"]),
    ])
  func xml(body: String, lines: [String]) {
    #expect(Self.lines(body, "text/xml") == lines)
  }

  @Test("HTML knows elements without an end, and those whose content is no markup")
  func html() {
    #expect(
      Self.lines("<!doctype html><HTML><br><p>a<img src=x></P><script>if (a<b) {\n  c }</script></html>") == [
        "<!doctype html>", "<HTML>", "  <br>", "  <p>", "    a", "    <img src=x>", "  </P>", "  <script>",
        "if (a<b) {", "  c }", "  </script>", "</html>",
      ])
    #expect(Self.lines("<html><style>a</html>") == ["<html>", "  <style>", "a</html>"])
  }

  @Test("text keeps its lines, whichever way they end")
  func text() {
    #expect(Self.lines("a\r\nb\rc\nd\n") == ["a", "b", "c", "d", ""])
    #expect(PayloadText.lines(Self.reading("a\r\nb").document(.raw)) == ["a\r", "b"])
  }

  @Test(
    "the views are those that look different",
    arguments: [
      ("{}", [.pretty, .raw, .hex]), ("{\"a\":1,}", [.pretty, .hex]), ("a=1", [.pretty, .raw, .hex]),
      ("hello", [.pretty, .hex]), ("a\r\nb", [.pretty, .raw, .hex]), ("\u{0}", [.pretty, .raw]),
      ("", [.pretty, .hex]),
    ] as [(String, [PayloadMode])])
  func views(body: String, views: [PayloadMode]) {
    let reading = Self.reading(body)
    #expect(BodyReading.views(reading, reading.document(.pretty), shownAs: .pretty) == views)
  }

  @Test("each line of each view leads back to where it comes from")
  func origins() {
    for (body, type, _) in Self.kinds {
      let document = Self.reading(body, type).document(.pretty)
      let origins = (0..<document.lineCount).map(document.origin(ofLine:))
      #expect(origins == origins.sorted())
      #expect(origins.allSatisfy { (0...body.utf8.count).contains($0) })
      for (line, origin) in origins.enumerated() {
        let first = document.line(from: origin)
        #expect(first <= line && origins[first] == origin)
      }
    }
  }
}
