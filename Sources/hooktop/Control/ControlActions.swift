internal import Diagnosis
internal import JSON
internal import Monitor
internal import Receiver
internal import Sender
internal import Synchronization
internal import Webhooks

/// Sends for agents, one thing at a time: a delivery again, or a sample.
final class ControlActions: Sendable {
  private let replay: @Sendable (ReplayOrder, Keyring) async -> ReplayResult
  private let url: String
  private let certificate: [UInt8]?
  private let turn = Mutex(())

  /// - Parameters:
  ///   - replay: sends a delivery again, as a new one.
  ///   - url: where the receiver takes samples.
  ///   - certificate: the receiver's, over TLS.
  init(
    replay: @escaping @Sendable (ReplayOrder, Keyring) async -> ReplayResult, to url: String,
    trusting certificate: [UInt8]?
  ) {
    self.replay = replay
    self.url = url
    self.certificate = certificate
  }
}

extension ControlDesk {
  /// Sends a delivery again, to an app on this machine only: what an agent reads may have told it where to.
  func replay(_ call: Call) throws(ToolFailure) -> [UInt8] {
    let delivery = try delivery(call)
    guard let text = try call.arguments.text("url", upTo: 2048), let url = AppURL(text) else {
      throw ToolFailure("url must be an http or https URL, such as http://127.0.0.1:3000/hook")
    }
    guard url.isLoopback else {
      throw ToolFailure(
        "url must lead to this machine (localhost, 127.0.0.1 or ::1): replay to other hosts by hand")
    }
    guard !url.leads(to: receiver.host, port: receiver.port) else {
      throw ToolFailure("url leads to hooktop itself: give the app's")
    }
    switch actions.replay(delivery, to: text, receiver.keyring) {
    case .failed(let reason): throw ToolFailure(reason)
    case .sent(let sequence, let exchange):
      let told = facts.redaction.hiding(in: [.exchanged(exchange)], of: delivery).exchanges
      return untrusted { json in
        json.field("sequence", sequence)
        for exchange in told { report.write(exchange, to: &json) }
      }
    }
  }

  /// Signs a sample with the monitor's secret, and sends it to the monitor.
  func sendSample(_ call: Call) throws(ToolFailure) -> [UInt8] {
    let event = try call.arguments.text("event", upTo: 200)
    let known = event.map { SampleCatalogue.kind($0, of: nil, among: providers) }
    guard let kind = known ?? SampleCatalogue.usual else {
      throw ToolFailure(
        "there is no sample of that event: \(SampleCatalogue.kinds.map(\.event).joined(separator: ", "))")
    }
    let name = try call.arguments.text("break", upTo: 200)
    let breakage = name.flatMap(Breakage.named)
    guard name == nil || breakage != nil else {
      throw ToolFailure("break must be one of \(Breakage.all.map(\.name).joined(separator: ", "))")
    }
    guard let secret = receiver.keyring.secrets(for: kind.provider).first else {
      throw ToolFailure("the monitor has no signing secret for \(kind.provider.name): start it with --secret")
    }
    var random = SplitMix64(seed: .random(in: .min ... .max))
    let now = Timestamp.now()
    let delivery = OutgoingDelivery(kind.sample(now: now, using: &random))
    let signer = SampleSigner(secret)
    let signed =
      breakage.map { $0.applied(to: delivery, signer: signer, at: now, among: providers) }
      ?? signer.sign(delivery, at: now)
    guard let signed else {
      throw ToolFailure("a sample of \(kind.event) can't be broken in that way: choose another")
    }
    let answer = try actions.post(signed)
    var json = JSONWriter()
    json.object {
      $0.field("event", kind.event)
      $0.field("provider", kind.provider.name)
      $0.field("status", answer.status)
      $0.field("milliseconds", answer.milliseconds, decimals: 1)
    }
    return json.bytes
  }
}

extension ControlActions {
  fileprivate func replay(_ delivery: Delivery, to url: String, _ keyring: Keyring) -> ReplayResult {
    let order = ReplayOrder(delivery: delivery, url: url, secret: nil)
    return turn.withLock { _ in finishing { await self.replay(order, keyring) } }
  }

  fileprivate func post(_ delivery: OutgoingDelivery) throws(ToolFailure) -> PostAnswer {
    let (url, certificate) = (url, certificate)
    let result = turn.withLock { _ in
      finishing { () async -> Result<PostAnswer, PostError> in
        await Poster.open(trusting: certificate) { poster in
          do throws(PostError) { return .success(try await poster.post(delivery, to: url)) } catch {
            return .failure(error)
          }
        }
      }
    }
    do { return try result.get() } catch { throw ToolFailure("\(error)") }
  }
}
