internal import JSON
internal import Monitor
internal import Sender
internal import Webhooks

/// Calls providers' APIs for the screen.
struct ProviderErrands: Sendable {
  /// What a provider's API is called with.
  let access: @Sendable (Provider) throws -> APIAccess
  /// Where new signing secrets go.
  let saved: SavedSecretWatch
  /// Takes a new signing secret in the place of that; nil if it is to be saved.
  var takeSecret: (@Sendable (String, APIID) throws -> Void)?

  /// Makes a call, and says what came of it.
  /// - Parameters:
  ///   - isWanted: asked before it is tried again.
  ///   - tell: is told so.
  func perform(
    _ order: ProviderOrder, isWanted: @escaping @Sendable () -> Bool, tell: (ProviderStep) -> Void
  ) async -> ProviderStep {
    do {
      let access = try access(order.provider)
      let call = try order.apiCall
      let held = order.call == .rotate && takeSecret == nil ? try lock(for: order) : nil
      defer { withExtendedLifetime(held) {} }
      let sleep: APIClient.Sleep = { seconds in
        try await Task.sleep(for: .seconds(seconds))
        guard isWanted() else { throw CancellationError() }
      }
      let response = try await APIClient.perform(
        call, at: access, sleep: sleep, retrying: { tell(.retrying($0.words)) })
      return try step(after: response, of: order, call)
    } catch let error as SavedSecretError {
      return .failed(error.reason)
    } catch {
      return .failed("\(error)")
    }
  }

  private func step(
    after response: APIResponse, of order: ProviderOrder, _ call: APICall
  ) throws -> ProviderStep {
    switch order.call {
    case .test: return .done("Parlay sends webhook.test to \(order.webhook).")
    case .pause: return .done("\(order.webhook) is paused: events are queued for up to 24 hours.")
    case .resume: return .done("\(order.webhook) is active: what was queued is sent now.")
    case .resend:
      let isForNobody = JSONObject(response.body)?["queued"]?.integer == 0
      return .done(
        isForNobody
          ? "Nobody has subscribed to the event: it is sent to nobody."
          : "The event is sent again, under an id of its own.")
    case .refetch: return .fetched(response.body)
    case .rotate:
      let made = try MadeSecret(response, of: call, known: APIID(order.webhook.utf8))
      guard let id = made.id else { throw SavedSecretError.noID }
      return try keep(made.secret, of: order.provider, id)
    }
  }
}

extension ProviderErrands {
  /// - Parameter life: the story whose sandbox is called in the place of what the environment names; nil if none is told.
  init(_ known: KnownAPIs, saved: SavedSecretWatch, life: LifeErrands?) {
    if let life {
      self.init(
        access: { _ in try life.access }, saved: saved, takeSecret: { try life.takeSecret($0, of: $1) })
    } else {
      self.init(access: { try known.access(of: $0) }, saved: saved)
    }
  }

  private func place() throws(SavedSecretError) -> SavedSecrets {
    guard let place = saved.place else { throw .noHome }
    return place
  }

  /// Locks the secret that is to be rotated: what can't be saved must not be made.
  private func lock(for order: ProviderOrder) throws -> SavedSecretLock {
    guard let id = APIID(order.webhook.utf8) else { throw ProviderOrderError.noWebhook }
    let place = try place()
    try place.prepare()
    return try place.lock(of: order.provider, id)
  }

  /// Saves a new secret; one that can't be saved is used for as long as hooktop runs.
  private func keep(_ text: String, of provider: Provider, _ id: APIID) throws -> ProviderStep {
    if let takeSecret {
      try takeSecret(text, id)
      return .done("\(id) has a new signing secret, which is used from now on.")
    }
    do throws(SavedSecretError) {
      let path = try place().save(text, of: provider, id)
      return .done("\(id) has a new signing secret, which is saved in \(path).")
    } catch .unusable(let reason) {
      return .failed("\(id) has a new signing secret that hooktop can't use; rotate it again: \(reason)")
    } catch {
      saved.use(try SavedSecrets.secret(text, of: provider, id), of: id)
      return .failed(
        "\(id) has a new signing secret, which is used but lost when hooktop ends: mend this, then rotate it again: \(error.reason)"
      )
    }
  }
}

extension ProviderOrder {
  fileprivate var apiCall: APICall {
    get throws(ProviderOrderError) {
      if call == .refetch {
        guard let id = delivery?.envelope.eventID.flatMap({ APIID($0) }) else { throw .noCapture }
        return .showCapture(id)
      }
      if call == .resend {
        guard let delivery, let call = APICall.sendAgain(delivery.request.body, of: provider) else {
          throw .noEvent
        }
        return call
      }
      guard let id = APIID(webhook.utf8) else { throw .noWebhook }
      return webhookCall(id)
    }
  }

  private func webhookCall(_ id: APIID) -> APICall {
    switch call {
    case .pause: .pauseWebhook(id, true)
    case .resume: .pauseWebhook(id, false)
    case .rotate: .rotateWebhook(id)
    case .test, .refetch, .resend: .testWebhook(id)
    }
  }
}

/// Why a provider can't be asked.
private enum ProviderOrderError: Error, CustomStringConvertible {
  case noCapture
  case noEvent
  case noWebhook

  var description: String {
    switch self {
    case .noCapture: "the delivery has no data.id to fetch its capture by"
    case .noEvent: "the delivery has no event and data that could be sent again"
    case .noWebhook: "this is not a webhook's id: press w and name it"
    }
  }
}
