import TestSupport
import Testing

@testable import Webhooks

/// A secret that is rotated while deliveries arrive.
@Suite struct RotationTests {
  private static let moment = Timestamp(seconds: 1_745_518_400)

  private static func secret(_ text: String, _ label: String = "parlay/wh_1", _ provider: Provider = .parlay)
    -> SigningSecret
  {
    (try? SigningSecret(text, label: label, provider: provider))!
  }

  private static func rotation(_ old: String?, _ new: String) -> Rotation {
    Rotation(from: old.map { secret($0) }, to: secret(new), at: moment)
  }

  /// The secrets in force, and those that a rotation has retired.
  private static func state(_ keyring: Keyring) -> [[String]] {
    let (kept, gone) = (
      keyring.secrets.filter { $0.retiredAt == nil }, keyring.secrets.filter { $0.retiredAt != nil }
    )
    return [kept, gone].map { $0.map { "\($0.label) \(String(decoding: $0.bytes, as: UTF8.self))" } }
  }

  @Test("the new secret is used, the old one retired with the time, and another provider's left alone")
  func replaced() {
    var keyring = Keyring([
      Self.secret("a"), Self.secret("a", "parable", .parable), Self.secret("x", "parlay/x"),
    ])
    let isChanged = keyring.take([Self.rotation("a", "b")])
    #expect(isChanged)
    #expect(Self.state(keyring) == [["parable a", "parlay/x x", "parlay/wh_1 b"], ["parlay/wh_1 a"]])
    #expect(keyring.secrets[0].retiredAt == Self.moment && keyring.secrets[0].wasRotated)
  }

  @Test("the same secret under another name is retired as well, as one from the environment")
  func renamed() {
    var keyring = Keyring([Self.secret("a", "parlay"), Self.secret("a")])
    let isChanged = keyring.take([Self.rotation("a", "b")])
    #expect(isChanged)
    #expect(Self.state(keyring) == [["parlay/wh_1 b"], ["parlay a", "parlay/wh_1 a"]])
  }

  @Test("taken twice it changes nothing, and two that follow one another both count")
  func twice() {
    var keyring = Keyring([Self.secret("a")])
    let rotations = [Self.rotation("a", "b"), Self.rotation("b", "c")]
    let isChanged = keyring.take(rotations)
    let state = Self.state(keyring)
    #expect(state == [["parlay/wh_1 c"], ["parlay/wh_1 a", "parlay/wh_1 b"]])
    let isChangedAgain = keyring.take([rotations[1]])
    #expect(isChanged && !isChangedAgain && Self.state(keyring) == state)
  }

  @Test("a secret that takes no other's place is added, once")
  func added() {
    var keyring = Keyring([Self.secret("a", "parlay")])
    let changes = [keyring.take([Self.rotation(nil, "a")]), keyring.take([Self.rotation(nil, "b")])]
    #expect(changes == [false, true])
    #expect(Self.state(keyring) == [["parlay a", "parlay/wh_1 b"], []])
  }

  @Test(
    "the old secret judges what arrived before the rotation, the new one all",
    arguments: [("a", -1.0, true), ("a", 0, false), ("a", 1, false), ("b", -1, true), ("b", 1, true)])
  func verdicts(signer: String, seconds: Double, isValid: Bool) {
    var keyring = Keyring([Self.secret("a")])
    keyring.take([Self.rotation("a", "b")])
    let arrival = Timestamp(seconds: Self.moment.seconds + seconds)
    let header = Self.secret(signer).signatureHeader(timestamp: 1_745_518_400, body: [0x7B, 0x7D])
    let request = Request(headers: Headers([.init("X-Parlay-Signature", header)]), body: [0x7B, 0x7D])
    let verdict = Verifier(keyring: keyring).verify(request, provider: .parlay, at: arrival)
    #expect((verdict.status == .valid) == isValid)
  }
}
