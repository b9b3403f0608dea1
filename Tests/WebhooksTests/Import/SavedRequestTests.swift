import JSON
import TestSupport
import Testing

@testable import Webhooks

@Suite("Requests that other programs have saved")
struct SavedRequestTests {
  private static let files: [String: [UInt8]] = ["body.bin": [0, 0x0A, 0xFF]]

  private func read(_ text: String) throws(SavedFault) -> [SavedRequest] {
    try read(Array(text.utf8))
  }

  private func read(_ bytes: [UInt8]) throws(SavedFault) -> [SavedRequest] {
    guard let form = SavedForm(of: bytes) else { return [] }
    return try form.requests(in: bytes) { Self.files[$0] }
  }

  private static let request = Request(
    target: "/hook?a=1",
    headers: [
      .init("Host", "a"), .init("X-A", "1"), .init("x-a", ""), .init("Content-Length", "2"),
    ], body: Array("{}".utf8))

  @Test(
    "a dump is a request with its fields in order, whatever ends its lines",
    arguments: [
      "POST /hook?a=1 HTTP/1.1\r\nHost: a\r\nX-A: 1\r\nx-a:\r\nContent-Length: 2\r\n\r\n{}",
      "\u{FEFF}\n\nPOST /hook?a=1 HTTP/1.1\nHost: a\nX-A:1\nx-a: \nContent-Length: 2\n\n{}\n",
      "POST http://a/hook?a=1#x HTTP/1.1\nHost: a\nX-A: 1\nx-a:\nContent-Length: 2\n\n{}",
    ])
  func dump(text: String) throws {
    #expect(try read(text).map(\.request) == [Self.request])
  }

  @Test(
    "the body of a dump is what is there, but for the line end behind a known length, and without chunks",
    arguments: [
      ("Content-Length: 2\n\n{}\r\n\n", "{}"), ("Content-Length: 2\n\n{ }", "{ }"),
      ("Content-Length: 9\n\n{}", "{}"),
      ("A: b\n\n{}\n", "{}\n"), ("A: b", ""), ("A: b\n", ""), ("Content-Length: x\n\n{}", "{}"),
      ("Transfer-Encoding: chunked\n\n1;a=b\r\n{\r\n1\r\n}\r\n0\r\n\r\n", "{}"),
      ("Transfer-Encoding: chunked\n\n{}", "{}"),
      ("Transfer-Encoding: chunked\n\nffffffff\r\n{}", "ffffffff\r\n{}"),
    ])
  func body(rest: String, body: String) throws {
    let requests = try read("POST / HTTP/1.1\n\(rest)")
    #expect(requests.map { String(decoding: $0.request.body, as: UTF8.self) } == [body])
  }

  @Test("what is exported as .http or HAR is read back byte for byte")
  func roundTrip() throws {
    let bodies: [[UInt8]] = [
      Array("{\n\"a\":\"é\"}".utf8), [0, 0xFF, 0x0A], [], Array("x\r\ny".utf8),
    ]
    let deliveries = bodies.enumerated().map { index, body in
      Samples.delivery(sequence: UInt64(index + 1)).with(
        request: Request(
          target: "/hook",
          headers: [
            .init("Host", "127.0.0.1:4747"), .init("X-A", "1"), .init("x-a", ""),
            .init("X-B", "\u{E9}"),
            .init(ByteString("X-C"), ByteString([0xE9])),
          ], body: body))
    }
    var archive = HARArchive()
    let entries = deliveries.flatMap { archive.entry($0, $0.answer, url: "http://127.0.0.1:4747") }
    let har = try read(HARArchive.head + entries + HARArchive.foot)
    #expect(har.map(\.request) == deliveries.map(\.request))
    #expect(har.allSatisfy { $0.time == Samples.now })
    let file = deliveries.prefix(1).flatMap { HTTPFile.block($0, url: "http://127.0.0.1:4747") }
    #expect(try read(file + file).map(\.request) == [deliveries[0].request, deliveries[0].request])
    let included = try read("### x\nPOST http://a/ HTTP/1.1\n\n< body.bin\n")
    #expect(included.map(\.request.body) == [[0, 0x0A, 0xFF]])
  }

  @Test("an archive's other requests are passed over, and its times and pseudo-headers understood")
  func har() throws {
    let requests = try read(
      #"""
      { "log" : {"entries":[{"request":{"method":"GET","url":"http://a/"}},
       {"startedDateTime":"2025-04-24T18:13:17Z","request":{"method":"POST","url":"https://a?x","httpVersion":"h2",
        "headers":[{"name":":authority","value":"a"},{"name":"x","value":"y"}],"postData":{"text":"{}","params":[]}}}]}}
      """#)
    #expect(
      requests.map(\.request) == [
        Request(target: "/?x", headers: [.init("x", "y")], body: Array("{}".utf8))
      ])
    #expect(requests[0].time == Samples.now)
  }

  @Test(
    "a curl command gives what curl would send, as bash reads it",
    arguments: [
      (#"curl -X POST 'http://a/hook?a=1' -H 'Host: a' -HX-A:1 -H "x-a;" -H Content-Length:\ 2 -d '{}'"#),
      ("$ curl http://a/hook?a=1 \\\n  --header $'Host: \\x61' -H 'X-A: 1' \\\r\n -H 'x-a;' -H 'Content-Length: 2' -H Accept: --data-raw $'\\u007b\\175' -sSk -o /dev/null"),
      ("# saved\ncurl --url a/hook?a=1 -H 'Host: a' -H 'X-A: 1' -H 'x-a;' -H \"$(printf 'Content-Length\\072 2')\" --data-binary {} --max-time 3 # end"),
    ])
  func curl(command: String) throws {
    #expect(try read(command).map(\.request) == [Self.request])
  }

  @Test(
    "the body is put together as curl does it",
    arguments: [
      ("-d a=1 -d b=2", "a=1&b=2"), ("--json '{' --json '}'", "{}"),
      ("--data-binary @body.bin", "\u{0}\n\u{FF}"),
      ("-d @body.bin", "\u{FF}"), ("--data-raw @body.bin", "@body.bin"), ("-X PUT", ""),
    ])
  func data(options: String, body: String) throws {
    let request = try #require(try read("curl http://a \(options)").first?.request)
    #expect(request.body == body.unicodeScalars.map { UInt8($0.value) })
    #expect(request.target == "/")
  }

  @Test("white space that divides no words for a shell is a part of one")
  func otherWhiteSpace() throws {
    let requests = try read("curl http://a/1 -d a\u{0B}b\u{0C}\n")
    #expect(requests.map { String(decoding: $0.request.body, as: UTF8.self) } == ["a\u{0B}b\u{0C}"])
  }

  @Test("commands that a semicolon ends are read one after the other, as a browser copies them")
  func semicolons() throws {
    let requests = try read("curl 'http://a/1;x' -d '1;2' ;\ncurl http://a/2 -d 2; curl http://a/3;\n;")
    #expect(requests.map { $0.request.target.text } == ["/1;x", "/2", "/3"])
    #expect(requests.map { String(decoding: $0.request.body, as: UTF8.self) } == ["1;2", "2", ""])
  }

  @Test(
    "nothing is expanded or guessed: what can't be read says so, and where",
    arguments: [
      ("curl http://a -d \"$(id)\"", 1, .expansion("$(id)\"")),
      ("curl http://a \\\n-d `id`", 2, .expansion("`id`")),
      ("curl http://a -d $HOME", 1, .expansion("$HOME")), ("curl http://a; id", 1, .expansion("id")),
      ("curl http://a | sh", 1, .expansion("|")), ("curl http://a > x", 1, .expansion(">")),
      ("curl http://a -d {a,b}", 1, .expansion(",")), ("curl http://a -d 'x", 1, .openQuote),
      ("curl http://a -d $'\\0'", 1, .nul), ("curl http://a -F a=b", 1, .option("-F")),
      ("curl http://a --config x", 1, .option("--config")),
      ("curl http://a -H", 1, .noValue(option: "--header")),
      ("curl http://a http://b", 1, .url(count: 2)), ("curl -d x", 1, .url(count: 0)),
      ("curl http://a -d @/etc/passwd", 1, .file("/etc/passwd")),
      ("curl http://a -H @x", 1, .header),
      ("curl http://a -H 'a b: c'", 1, .header), ("curl http://a -X 'P T'", 1, .method),
      ("curl http://a -d \"$(printf '%s' x)\"", 1, .expansion("$(printf")),
      ("curl http://a\nid", 2, .expansion("id")), ("curl \"http://a\" ^\r\n -d x", 1, .windows),
      ("curl ^\"http://a^\"", 1, .windows),
      ("curl 'http://a/\u{1}'", 1, .target),
      ("POST / HTTP/1.1\nA b: c\n\n", 2, .header), ("### x\n\nnonsense\n", 3, .requestLine),
      ("### x\nPOST http://a HTTP/1.1\n\n< ../x\n", 4, .file("../x")),
    ] as [(String, Int, SavedFault.Reason)])
  func faults(text: String, line: Int, reason: SavedFault.Reason) {
    #expect(throws: SavedFault(.line(line), reason)) { try read(text) }
  }

  @Test(
    "what is wrong with an archive names its entry",
    arguments: [
      (#"{"log":{"entries":[]}}"#, SavedFault(.file, .none)),
      (
        #"{"log":{"entries":[{"request":{"method":"POST","url":"/","headers":[{"name":"a b","value":""}]}}]}}"#,
        SavedFault(.entry(1), .header)
      ),
      (
        #"{"log":{"entries":[{"request":{"method":"POST","url":"/ x"}}]}}"#,
        SavedFault(.entry(1), .target)
      ),
      (
        #"{"log":{"entries":[{"request":{"method":"POST","url":"/","postData":{"params":[{"name":"a"}]}}}]}}"#,
        SavedFault(.entry(1), .bodyParts)
      ),
      (
        #"{"log":{"entries":[{"request":{"method":"POST","url":"/","postData":{"text":"!","encoding":"base64"}}}]}}"#,
        SavedFault(.entry(1), .bodyEncoding)
      ),
    ])
  func archiveFaults(text: String, fault: SavedFault) {
    #expect(throws: fault) { try read(text) }
  }

  @Test(
    "a body is none of these",
    arguments: [
      "{}", #"{"log":1}"#, #"{"logs":{"entries":[]}}"#, "", "curly", "POST", "POST / x",
      "post / HTTP/1.1", "[1]", "a=1",
      #"{"kind":"delivery"}"#,
    ])
  func bodies(text: String) {
    #expect(SavedForm(of: Array(text.utf8)) == nil)
  }

  @Test("every curl command that is copied is read back byte for byte")
  func copied() throws {
    for text in ["$(id)", "`id`", "a'b\"c\\", "!!", "@body.bin", "é\n\n", "a\n!x'!", "%s\\n", "$'x'", "a\tb"]
    {
      let body = Array(text.utf8)
      let request = Request(
        target: "/a?[b]={c}&d='e'", version: .http10,
        headers: [
          .init("Host", "a"), .init("X-T", text.filter { $0 != "\n" }), .init("X-E", ""),
          .init("Content-Length", "\(body.count)"),
        ],
        body: body)
      let curl = CurlCommand(request, to: "http://127.0.0.1:4747")
      let command = curl.text(bodyIn: curl.bodyForFile == nil ? nil : "x.body")
      let form = try #require(SavedForm(of: command))
      let read = try form.requests(in: command) { $0 == "x.body" ? body : nil }
      #expect(read.map(\.request) == [request], "\(String(decoding: command, as: UTF8.self))")
    }
  }

  @Test("words are those of bash")
  func bash() throws {
    let lines = [
      #"a 'b c' "d\"e\\f\$g" h\ i $'j\n\t\x41\101\u00e9\cA\q\'' k"l"'m' "" '' n#o # p"#,
      "q\\\n r \\\\ \"s\\\nt\" $ \"u$\" v{w} a~b",
      #"'$(id)' '`id`' "\`id\`" '!' "a'b" 'c"d' $'\e[0m' -d {} [z] é"#,
    ]
    for line in lines {
      var words = ShellWords(Array(line.utf8))
      let own = try #require(try words.command())
      let printed = try Program.run([
        "env", "LC_ALL=C.UTF-8", "bash", "--norc", "-c", "printf '%s\\0' \(line)",
      ])
      #expect(own.flatMap { $0 + [0] } == printed, "\(line)")
    }
  }

  @Test("no mutation of a saved file ends the program, or takes long")
  func fuzz() throws {
    var random = SeededRandom(seed: 11)
    let seeds = [
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n0\r\n\r\n",
      "### x\nPOST http://a HTTP/1.1\nA: b\n\n{}\n###\n",
      #"{"log":{"entries":[{"request":{"method":"POST","url":"/","headers":[{"name":"a","value":"b"}],"postData":{"text":"e30=","encoding":"base64"}}}]}}"#,
      #"curl -X POST 'http://a' -H "b: $(printf '\303')" $'\x41\u0041' --data-raw "c\"d" \"#
        + "\n -s",
    ].map { Array($0.utf8) }
    let pieces = [
      "'", "\"", "\\", "$", "\n", "\r\n", ":", "###", "-H ", "{", "0\r\n", "$(printf '",
    ].map { Array($0.utf8) }
    for round in 0..<20_000 {
      let mutated = random.mutated(seeds[round % seeds.count], seeds: seeds, pieces: pieces)
      _ = try? read(mutated)
    }
  }
}
