import Foundation
import JSON
import Testing

@testable import Webhooks

/// A sender is written as what it is read from.
@Suite struct ProviderTextTests {
  private static func read(_ provider: Provider) throws -> Provider {
    try JSONDecoder().decode(Provider.self, from: Data(ProviderText(provider).json(of: provider.name)))
  }

  @Test("each sender is read back as it was", arguments: Providers.builtIn.all)
  func roundTrip(provider: Provider) throws {
    let read = try Self.read(provider)
    #expect(read.scheme == provider.scheme)
    var facts = provider.facts
    // What its own API can do is not described: nothing but hooktop itself calls it.
    facts.calls = []
    #expect(read.facts == facts)
    #expect(ProviderText(read) == ProviderText(provider))
  }

  @Test("all that can be said of a sender is read back")
  func everything() throws {
    let provider = Provider(
      "acme", title: "Ac\"me\\",
      scheme: SignatureScheme(
        headers: ["A", "B"], format: SignatureFormat("x={HEX}", separator: "|")!,
        text: SignedTextTemplate("{id}{t}{body}{url}")!,
        digest: .sha512, keyForm: .hex(after: "k_"), time: .headers(["T", "U"]), timeUnit: .date, window: 2.5,
        refusesFuture: false, idHeaders: ["I"], takesSeveral: false)
    ) {
      $0.liveValue = "production"
      $0.livemodePath = ["env"]
      $0.retrySchedule = [1, 90, 3600, 86_400]
      $0.eventIDPath = []
      $0.eventIDHeader = "X-Id"
      $0.answerDue = 0
    }
    #expect(try Self.read(provider).facts == provider.facts)
  }

  @Test("the YAML is one key a line, and its texts are quoted where they could be read as something else")
  func yaml() {
    #expect(
      ProviderText(.slack).yaml(of: "slack").hasPrefix(
        """
        providers:
          slack:
            title: Slack
            signature:
              header: X-Slack-Signature
              format: "v0={hex}"
              text: "v0:{t}:{body}"
              time: X-Slack-Request-Timestamp
              window: 300
            other-prefixes: [xoxb-, xoxp-, xapp-]
        """))
    #expect(ProviderText(.standardWebhooks).yaml(of: "a").contains(#"separator: " ""#))
    #expect(ProviderText(.vercel).yaml(of: "a").contains("id: ") == false)
    #expect(ProviderText(.gitHub).yaml(of: "a").contains("    id: none\n"))
    #expect(ProviderText(.stripe).yaml(of: "a").contains(#"\U0001f680 <b>R&D/Ops</b>\u2028next"#))
  }

  private static func scheme(_ facts: String) throws -> SignatureScheme {
    try JSONDecoder().decode(SignatureScheme.self, from: Data("{\"header\": \"X\", \(facts)}".utf8))
  }

  @Test(
    "a scheme that can't read what it writes, or lacks what it signs, is refused with the reason",
    arguments: [
      (#""format": "a={hex}", "separator": "a", "text": "{body}""#, "can't be read back"),
      (#""format": "{hex}", "separator": "7", "text": "{body}""#, "can't be read back"),
      (#""format": "{base64}", "separator": "=", "text": "{body}""#, "can't be read back"),
      (#""format": " {hex}", "text": "{body}""#, "can't be read back"),
      (#""format": "v={t},v={hex}", "text": "{t}{body}""#, "can't be read back"),
      (#""format": "={t},={hex}", "text": "{t}{body}""#, "can't be read back"),
      (#""format": "t={t},,={hex}", "text": "{t}{body}""#, "can't be read back"),
      (#""format": "{hex}", "separator": ", ", "text": "{body}""#, "one character"),
      (#""format": "{hex}", "separator": "", "text": "{body}""#, "one character"),
      (#""format": "{hex}", "text": "{t}.{body}""#, "holds {t}"),
      (#""format": "{hex}", "text": "{id}.{body}""#, "holds {id}"),
      (#""format": "{hex}", "text": "{name}{body}""#, "expected {body}"),
      (#""format": "{token}", "text": "{body}""#, "kind token"),
      (#""kind": "token", "format": "{hex}""#, "kind token"),
      (#""format": "{hex}", "text": "{body}", "future": "maybe""#, "refused or allowed"),
      (#""format": "{hex}", "text": "{body}", "window": -1"#, "a number of seconds"),
      (#""format": "{hex}", "text": "{body}", "time": []"#, "a header's name"),
      (#""format": "{hex}", "text": "{body}", "time": """#, "a header's name"),
      (#""format": "{hex}", "text": "{t}{body}", "time": ["T", "X Y"]"#, "a header's name"),
      (#""format": "{hex}", "text": "{t}{body}", "time": "X:""#, "a header's name"),
    ])
  func refused(facts: String, words: String) {
    let error = #expect(throws: DecodingError.self) { try Self.scheme(facts) }
    #expect(error.map { "\($0)".contains(words) } == true, "\(error.map { "\($0)" } ?? "")")
  }

  @Test("a token, public keys and a header with two names are read")
  func kinds() throws {
    #expect(try Self.scheme(#""kind": "token", "format": "Bearer {token}""#).kind == .token)
    #expect(
      try Self.scheme(#""kind": "ed25519", "format": "{hex}", "text": "{body}""#).keyForm == .hex(after: ""))
    let time = try Self.scheme(#""format": "{hex}", "text": "{t}{body}", "time": ["A", "B"]"#).time
    #expect(time == .headers(["A", "B"]))
  }
}
