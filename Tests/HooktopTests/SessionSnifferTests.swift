import Testing
import Webhooks

@testable import hooktop

struct SessionSnifferTests {
  private static let incident: [UInt8] = {
    var writer = SessionWriter()
    writer.write(
      Incident(receivedAt: Timestamp(seconds: 0), reason: .timeout, detail: "d", peer: "p", status: nil))
    return writer.bytes
  }()

  @Test("a recorded line is one of a session, whatever follows it")
  func session() {
    for rest in ["", "\n", "nonsense\n", "{"] {
      #expect(SessionSniffer.isSession(Self.incident + Array(rest.utf8)))
      #expect(SessionSniffer.looksLikeSession(Self.incident + Array(rest.utf8)))
    }
  }

  @Test("a damaged line only looks like one")
  func damaged() {
    #expect(!SessionSniffer.isSession(Self.incident.dropLast(9)))
    #expect(SessionSniffer.looksLikeSession(Self.incident.dropLast(9)))
  }

  @Test(
    "a body is neither",
    arguments: [
      "", "\n", "{}", #"{"id":"evt","kind":"delivery"}"#, "[1]\n{}", "\u{FEFF}{", #"{"kind":"PodList"}"#,
    ])
  func body(text: String) {
    #expect(!SessionSniffer.isSession(Array(text.utf8)))
    #expect(!SessionSniffer.looksLikeSession(Array(text.utf8)))
  }
}

extension SessionSniffer {
  private static let builtIn = SessionSniffer(providers: .builtIn)

  fileprivate static func isSession(_ bytes: some Sequence<UInt8>) -> Bool {
    builtIn.isSession(Array(bytes))
  }

  fileprivate static func looksLikeSession(_ bytes: some Sequence<UInt8>) -> Bool {
    builtIn.looksLikeSession(Array(bytes))
  }
}
