public import Diagnosis
public import Webhooks

/// Sends probes to an app: forged deliveries and good ones, each made from one delivery.
public final class Checker: Sendable {
  private let url: AppURL
  private let secret: SigningSecret
  private let provider: Provider
  private let providers: Providers
  private let request: Request
  private let timeout: Double
  private let client = AppClient(connections: 1)

  /// - Parameters:
  ///   - request: the delivery that the probes are made from, however it is signed.
  ///   - secret: the one that the app has, which the good ones are signed with.
  ///   - timeout: in seconds, how long the app may take for each.
  public init(
    _ url: AppURL, request: Request, secret: SigningSecret, as provider: Provider, among providers: Providers,
    timeout: Double = 30
  ) {
    self.url = url
    self.request = request
    self.secret = secret
    self.provider = provider
    self.providers = providers
    self.timeout = timeout
  }

  /// Sends every probe that the delivery allows, one after the other, until `visit` says to stop.
  /// - Parameters:
  ///   - leaveOut: given each probe that the delivery does not allow.
  ///   - visit: given each as it is answered; false ends the check.
  public func run(
    leavingOut leaveOut: (Probe) -> Void, _ visit: (Probe, SignedDraft, Exchange) -> Bool
  ) async {
    var good: SignedDraft?
    for probe in Probe.all {
      guard let draft = probe.source == .lastGood ? good : probe.applied(to: draft()) else {
        leaveOut(probe)
        continue
      }
      if probe.isUnchanged { good = draft }
      guard visit(probe, draft, await exchange(draft)) else { return }
    }
  }

  public func close() { client.close() }

  private func draft() -> SignedDraft {
    SignedDraft(
      headers: request.headers, body: request.body, provider: provider, secret: secret, now: .now(),
      providers: providers, url: url.address(for: request.target))
  }

  private func exchange(_ draft: SignedDraft) async -> Exchange {
    var sent = request
    (sent.headers, sent.body) = (draft.signedHeaders, draft.body)
    return await client.exchange(AppRequest(sent, to: url), for: .check, at: draft.now, within: timeout)
  }
}
