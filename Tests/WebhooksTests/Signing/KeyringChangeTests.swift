import Testing

@testable import Webhooks

/// What a keyring becomes when the secrets that it was made of are others.
struct KeyringChangeTests {
  private static let moment = Timestamp(seconds: 1_000_000)

  private static func secret(_ text: String, _ label: String, endpoint: Endpoint? = nil) throws
    -> SigningSecret
  {
    var secret = try SigningSecret(text, label: label, provider: .parlay)
    secret.endpoint = endpoint
    return secret
  }

  @Test("what is the same in both stays, what is gone explains what it signed, and what is new verifies")
  func change() throws {
    let (kept, gone, new) = (
      try Self.secret("a", "parlay"), try Self.secret("b", "parlay/b"), try Self.secret("c", "parlay/b")
    )
    let change = KeyringChange(from: [kept, gone], to: [kept, new])
    #expect(change.added.map(\.label) == ["parlay/b"] && change.removed.map(\.label) == ["parlay/b"])
    var keyring = Keyring([gone, kept, try Self.secret("d", "parlay/user")])
    keyring.take(change, at: Self.moment)
    #expect(keyring.secrets.map(\.label) == ["parlay/b", "parlay", "parlay/user", "parlay/b"])
    #expect(keyring.secrets.map(\.retiredAt) == [Self.moment, nil, nil, nil])
    #expect(keyring.secrets[0].isInForce(at: Timestamp(seconds: 999_999)))
    #expect(!keyring.secrets[0].isInForce(at: Self.moment))
  }

  @Test("a secret that moves to another endpoint, or under another label, is another one")
  func moved() throws {
    let endpoint = Endpoint("staging")
    let old = try Self.secret("a", "parlay")
    for new in [try Self.secret("a", "parlay", endpoint: endpoint), try Self.secret("a", "parlay/x")] {
      let change = KeyringChange(from: [old], to: [new])
      #expect(change.added.count == 1 && change.removed.count == 1)
    }
    #expect(KeyringChange(from: [old], to: [old]).isEmpty)
  }
}
