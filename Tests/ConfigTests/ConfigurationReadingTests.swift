import JSON
import Testing
import Webhooks

@testable import Config

/// What a file says, and what is said where it can't be understood.
struct ConfigurationReadingTests {
  private static func read(_ text: String) throws(ConfigurationError) -> Configuration {
    try Configuration(reading: Array(text.utf8), known: Providers([.parlay, .parable]))
  }

  private static let full = """
    listen: "[::1]:0"
    endpoints:
      - name: staging
        path: /staging/*
        provider: parlay
        secrets: [env:A, {from: file:old.txt, label: old, retired: true}]
        forward: http://localhost:3000/hooks
        respond: ["type:webhook.test : status 500 x3"]
      - {name: any, path: "*", secrets: {parlay: env:B, acme: [file:c, env:D]}}
    providers:
      acme:
        signature: {header: X-Acme-Signature, format: "ts={t};h1={hex}", separator: ";", text: "{t}:{body}", window: 300}
        event: body.type
        answer-within: 5s
    secrets: {parlay: whsec_text, parable: [env:E]}
    forward: [http://localhost:1, parable=http://localhost:2]
    keep: 12
    explain: true
    """

  @Test("a file's values come with their places")
  func values() throws {
    let configuration = try Self.read(Self.full)
    #expect(configuration.listen?.value == ListenAddress("[::1]:0"))
    #expect(configuration.values[.keep]?.value == "12")
    #expect(configuration.values[.keep]?.place == Place(line: 17, column: 7))
    #expect(configuration.values[.explain]?.value == "true")
    #expect(configuration.forward.map(\.value) == ["http://localhost:1", "parable=http://localhost:2"])
    #expect(configuration.secrets.map(\.provider.name) == ["parlay", "parable"])
    #expect(configuration.secrets.map(\.source.value) == ["whsec_text", "env:E"])
    #expect(configuration.secrets[1].source.place == Place(line: 15, column: 41))
  }

  @Test("endpoints have their own provider, secrets, app and rules")
  func endpoints() throws {
    let endpoints = try Self.read(Self.full).endpoints
    #expect(endpoints.map(\.endpoint.name) == ["staging", "any"])
    #expect(endpoints[0].endpoint.provider == .parlay && endpoints[1].endpoint.provider == nil)
    #expect(endpoints[0].secrets.map(\.source.value) == ["env:A", "file:old.txt"])
    #expect(endpoints[0].secrets.map(\.isRetired) == [false, true])
    #expect(endpoints[0].secrets.map(\.label) == [nil, "old"])
    #expect(endpoints[0].forward?.value == "http://localhost:3000/hooks")
    #expect(endpoints[0].respond.map(\.value) == ["type:webhook.test : status 500 x3"])
    #expect(
      endpoints[1].secrets.map { "\($0.provider.name) \($0.source.value)" } == [
        "parlay env:B", "acme file:c", "acme env:D",
      ])
    let all = Endpoints(endpoints.map(\.endpoint))
    #expect(all.of("/staging/x?y=1")?.name == "staging" && all.of("/else")?.name == "any")
  }

  @Test("a sender of the file's own is known first, and whatever facts it lacks are the usual ones")
  func providers() throws {
    let configuration = try Self.read(Self.full)
    #expect(configuration.providers.all.map(\.name) == ["acme", "parlay", "parable"])
    let acme = try #require(configuration.providers["acme"])
    #expect(acme.scheme.header == "X-Acme-Signature" && acme.scheme.window == 300)
    #expect(acme.answerDue == 5 && acme.eventPath == ["type"])
  }

  private static let providerStart =
    "providers:\n  acme:\n    signature: {header: X, format: \"{hex}\", text: \"{body}\"}\n"

  private static let wrong: [(String, String)] = [
    ("listne: 1", "1:1: found listne, which is not a key: did you mean listen?"),
    ("frob: 1", "1:1: found frob, which is not a key here: expected listen, endpoints, providers, "),
    ("- a", "1:1: found a list, expected keys and values"),
    ("word", "1:1: found word, expected keys and values"),
    ("listen: a b:1", "1:9: found a b:1, expected an address such as 127.0.0.1:4747, or a port"),
    ("listen: 127.0.0.1:70000", "1:9: found 127.0.0.1:70000, expected an address"),
    ("keep: [1]", "1:7: found a list, expected a number of deliveries from 1"),
    ("keep:", "1:6: found nothing, expected a number of deliveries from 1"),
    ("explain: yes", "1:10: found yes, expected true or false"),
    ("forward: {a: b}", "1:10: found keys and values, expected a URL such as"),
    ("tls: {cert: a}", "1:6: expected cert and key together, or self-signed: true alone"),
    ("tls: {crt: a}", "1:7: found crt, which is not a key: did you mean cert?"),
    (
      "endpoints: {name: a}",
      "1:12: found keys and values, expected a list of endpoints, each with name and path"
    ),
    ("endpoints:\n  - name: a", "2:5: expected the key path, which is missing"),
    ("endpoints:\n  - {name: a b, path: /}", "2:12: found a b, expected a name of at most 40"),
    ("endpoints:\n  - {name: a, path: x}", "2:21: found x, expected a path that begins with /"),
    (
      "endpoints:\n  - {name: a, path: /, provider: parly}",
      "2:34: found parly, which is not a key: did you mean parlay?"
    ),
    (
      "endpoints:\n  - {name: a, path: /, secrets: [env:X]}",
      "2:33: expected the endpoint's provider, or the secrets"
    ),
    (
      "endpoints:\n  - {name: a, path: /}\n  - {name: a, path: /b}",
      "3:5: found a second endpoint named a: name it otherwise"
    ),
    ("secrets: {whsec_x: env:A}", "1:11: expected the name of a provider: hooktop providers lists them"),
    ("secrets: [whsec_x]", "1:10: found a list, expected a provider's name"),
    (
      "secrets: {parlay: [[whsec_x]]}",
      "1:20: expected a secret: env:VAR or file:PATH, or from, label and retired"
    ),
    ("secrets: {parlay: {label: a}}", "1:19: expected the key from, which is missing"),
    ("secrets: {parlay: {from: env:A, label: whsec_x}}", "1:40: expected a label of at most 40 letters"),
    ("providers: {Acme: {}}", "1:13: found Acme, expected a name of at most 40 of a-z, 0-9 and -"),
    ("providers: {acme: {}}", "1:19: expected the key signature, which is missing"),
    (
      "providers: {acme: {signatur: {}}}", "1:20: found signatur, which is not a key: did you mean signature?"
    ),
    ("providers: {acme: {name: b, signature: {}}}", "1:20: found name: the name is acme, before the colon"),
    (
      "providers: {acme: {signature: {header: X, format: \"a={hex}\", separator: a, text: \"{body}\"}}}",
      "1:51: this format can't be read back: its separators must not occur in a signature"
    ),
    (
      "providers: {acme: {signature: {header: X, format: \"{hex}\", text: \"{t}{body}\"}}}",
      "1:31: the text holds {t}: name the header that holds the time, or write {t} in the format"
    ),
    (
      providerStart + "    challenges: [{when: {at: body.a, is: b}, answr: x}]",
      "4:46: found answr, which is not a key: did you mean answer?"
    ),
    (
      providerStart + "    challenges: [{when: {at: body.a, is: b}, answer: $token}]",
      "4:18: found keys and values, expected token, the place of what the answer repeats"
    ),
    (providerStart + "    evnt: body.x", "4:5: found evnt, which is not a key: did you mean event?"),
    (
      providerStart + "    event: type",
      "4:12: found type, expected a place in the body, such as body.data.id"
    ),
    (
      providerStart + "    retries: [1m, soon]",
      "4:19: found soon, expected a span of time such as 30s, 5m or 2h"
    ),
    (
      providerStart + "    livemode: {at: body.x, life: y}",
      "4:28: found life, which is not a key: did you mean live?"
    ),
    (
      "providers:\n  acme:\n    signature: {header: X, format: v1, text: \"{body}\"}",
      "3:36: found v1, expected a text with"
    ),
  ]

  @Test("what is wrong is said with its place, what was found and what is expected", arguments: wrong)
  func faults(text: String, line: String) {
    do throws(ConfigurationError) {
      _ = try Self.read(text)
      Issue.record("\(text) is read")
    } catch {
      let words = error.line(file: "f")
      #expect(words.hasPrefix("f:" + line), "\(words)")
      #expect(!words.contains("whsec_") && !words.contains("\n"))
    }
  }

  private static let addresses: [(String, String?, Int?)] = [
    ("127.0.0.1:4747", "127.0.0.1", 4747), ("4747", nil, 4747), ("localhost", "localhost", nil),
    ("[::1]:80", "::1", 80), ("[::1]", "::1", nil), ("0.0.0.0:0", "0.0.0.0", 0),
  ]

  @Test("an address is a host, a port or both", arguments: addresses)
  func address(text: String, host: String?, port: Int?) {
    let address = ListenAddress(text)
    #expect(address?.host == host && address?.port == port)
  }

  @Test(
    "what is no address is none",
    arguments: ["", ":", ":80", "a:", "a:b", "::1", "[::1", "[::1]80", "a:99999", "a b", "http://a:1"])
  func noAddress(text: String) {
    #expect(ListenAddress(text) == nil)
  }
}
