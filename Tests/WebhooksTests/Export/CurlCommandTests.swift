import JSON
import Testing

@testable import Webhooks

@Suite("A request as a curl command")
struct CurlCommandTests {
  private func command(_ request: Request, file: String? = nil) -> String {
    String(decoding: CurlCommand(request, to: "http://127.0.0.1:4747").text(bodyIn: file), as: UTF8.self)
  }

  @Test("has an option a line, the fields in their order, and takes away what curl adds")
  func lines() {
    let request = Request(
      target: "/hook?a=1",
      headers: [.init("Host", "a"), .init("X-B", "it's"), .init("x-b", ""), .init("Content-Length", "2")],
      body: Array("{}".utf8))
    #expect(
      command(request) == #"""
        curl -X POST 'http://127.0.0.1:4747/hook?a=1' \
          -H 'Host: a' \
          -H 'X-B: it'\''s' \
          -H 'x-b;' \
          -H 'Content-Length: 2' \
          --data-raw '{}' \
          -H User-Agent: \
          -H Accept: \
          -H Content-Type: \
          -H Expect:
        """#)
  }

  @Test("leaves out the length of another body, and the body where there is none")
  func length() {
    let other = command(Request(headers: [.init("Content-Length", "9")], body: Array("{}".utf8)))
    #expect(!other.contains("Content-Length"))
    let none = command(Request(method: "GET", version: .http10, headers: [], body: []))
    #expect(!none.contains("--data") && none.hasPrefix("curl -X GET --http1.0 "))
    #expect(command(Request(headers: [.init("Content-Length", "0")], body: [])).contains("--data-raw ''"))
  }

  @Test(
    "a body that is large or has no picture is taken from a file",
    arguments: [
      (Array("a\nb".utf8), false), (Array("@x".utf8), false), ([], false), (Array("é 世".utf8), false),
      ([0], true),
      (Array("a\tb".utf8), true), (Array("a\r\n".utf8), true), ([0xFF], true), (Array("\u{202E}".utf8), true),
      (Array("e\u{301}".utf8), true), (Array("\u{9B}".utf8), true),
      (Array(repeating: 0x61, count: CurlCommand.inlineLimit + 1), true),
    ] as [([UInt8], Bool)])
  func file(body: [UInt8], needsFile: Bool) {
    let curl = CurlCommand(Request(headers: [], body: body), to: "http://a")
    #expect((curl.bodyForFile != nil) == needsFile)
    #expect(command(Request(headers: [], body: [0]), file: "/tmp/a b").contains("--data-binary '@/tmp/a b'"))
  }

  @Test("an unusual target is given apart from the URL")
  func target() {
    #expect(
      command(Request(target: "/a#b", headers: [], body: [])).contains(
        "--request-target '/a#b' http://127.0.0.1:4747/"))
    #expect(
      command(Request(target: "/[a]/../{b}", headers: [], body: [])).contains("--globoff --path-as-is "))
    let tls = CurlCommand(Request(headers: [], body: []), to: "https://a").text()
    #expect(String(decoding: tls, as: UTF8.self).contains("--http1.1 https://a/"))
    let own = CurlCommand(Request(headers: [], body: []), to: "https://a", isSelfSigned: true).text()
    #expect(String(decoding: own, as: UTF8.self).contains("--http1.1 --insecure https://a/"))
  }

  @Test(
    "what has no picture is written out in digits, and nothing in a word is expanded",
    arguments: [
      ("abc-1", "abc-1"), ("", "''"), ("$(id)", "'$(id)'"), ("a'b", #"'a'\''b'"#), ("!x", "'!x'"),
      ("`", "'`'"),
      ("a\tb", #""$(printf 'a\011b')""#), ("\u{202E}!'", #""$(printf '\342\200\256\041\047')""#),
      ("-\t", #""$(printf '\055\011')""#),
    ])
  func words(text: String, word: String) {
    #expect(String(decoding: ShellWord.quoted(Array(text.utf8)), as: UTF8.self) == word)
  }

  @Test("a mark of the history on a later line is outside of quotes, where every bash leaves it alone")
  func history() {
    #expect(command(Request(headers: [], body: Array("a\n!x".utf8))).contains("--data-raw 'a\n'\\!'x' "))
    #expect(command(Request(headers: [], body: Array("a !x".utf8))).contains("--data-raw 'a !x' "))
  }

  @Test("no signing secret is in what is copied, be it retired, and nothing else is hidden")
  func secrets() throws {
    var retired = Samples.secret("whsec_old_secret", label: "parlay/old")
    retired.retiredAt = Samples.now
    let keyring = Keyring([Samples.secret("whsec_1"), Samples.secret("whsec_1_longer"), retired])
    let request = Request(
      target: "/?token=whsec_1", headers: [.init("X-Token", "whsec_1_longer"), .init("X", "whsec_")],
      body: Array(#"{"s":"whsec_old_secret","t":"whsec_2"}"#.utf8))
    let hidden = keyring.hidingSecrets(in: request)
    #expect(hidden.target == "/?token=[secret]")
    #expect(hidden.headers.map(\.value) == ["[secret]", "whsec_"])
    #expect(String(decoding: hidden.body, as: UTF8.self) == #"{"s":"[secret]","t":"whsec_2"}"#)
  }

  @Test("a secret is hidden however it is written, from exports and from agents")
  func spelledSecrets() throws {
    let secret = "whsec_ab/cd+ef\"gh"
    let keyring = Keyring([Samples.secret(secret)])
    let texts =
      [
        secret, #"whsec_ab/cd+ef\"gh"#, #"whsec_ab\/cd+ef\"gh"#, "whsec_ab%2Fcd%2Bef%22gh",
        "whsec_ab%2fcd%2bef%22gh",
      ]
      + [Hex.text(Array(secret.utf8)), Hex.text(Array(secret.utf8)).uppercased()]
    for text in texts {
      let hidden = keyring.hidingSecrets(in: Array("<\(text)>".utf8))
      #expect(String(decoding: hidden, as: UTF8.self) == "<[secret]>")
      #expect(Array("<\(text)>".utf8).hiding(keyring).allSatisfy { "<*>".utf8.contains($0) }, "\(text)")
    }
    // What is around it decides the digits at its ends in base64.
    for front in ["", "a", "ab", "abc"] {
      let digits = Base64.encoded(Array("\(front)\(secret)!".utf8))
      let hidden = String(decoding: keyring.hidingSecrets(in: digits), as: UTF8.self)
      #expect(hidden.contains("[secret]") && hidden.count <= "[secret]".count + 12, "\(hidden)")
    }
  }
}
