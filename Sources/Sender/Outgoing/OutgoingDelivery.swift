public import Diagnosis
internal import JSON
public import Webhooks

/// One delivery ready to be posted: what stands on the wire but for the address and the framing.
public struct OutgoingDelivery: Sendable, Equatable {
  /// What a progress line or the demo calls it: `analysis.completed`, `analysis.completed no-t`.
  public var label: String
  public var method: String
  /// The fields in the order they are sent; repeated ones and empty values go out as they stand.
  public var headers: Headers
  public var body: [UInt8]

  public init(label: String, method: String = "POST", headers: Headers, body: [UInt8]) {
    self.label = label
    self.method = method
    self.headers = headers
    self.body = body
  }

  /// Creates a delivery with the headers that `provider` documents, in its order and spelling, not yet signed.
  /// - Parameter event: nil for a body that names none, which then goes out without a header for it.
  public init(provider: Provider, event: String?, deliveryID: String, body: [UInt8]) {
    let id = provider.eventIDHeader == provider.deliveryHeader ? "" : provider.eventIDHeader
    let own = [(provider.eventHeader, event), (provider.deliveryHeader, deliveryID), (id, deliveryID)]
    let fields = own.compactMap { name, value in
      name.isEmpty ? nil : value.map { Headers.Field(name, $0) }
    }
    self.init(label: event ?? "the body", headers: Headers(provider.constantFields + fields), body: body)
  }

  /// The sample as it is sent, not yet signed.
  public init(_ sample: Sample) {
    self.init(
      provider: sample.provider, event: sample.event, deliveryID: sample.deliveryID, body: sample.body)
  }

  /// The request that a receiver sees.
  public var request: Request {
    Request(method: method, headers: headers, body: body)
  }
}

/// Signs deliveries with one secret, the way a provider does.
public struct SampleSigner: Sendable {
  public let secret: SigningSecret
  /// Whose header the signature goes into.
  let provider: Provider
  /// What deliveries are posted to, for schemes that sign it; nil: what their own headers say.
  let url: [UInt8]?

  /// Creates a signer for the deliveries of `provider`, which is the secret's own where none is given.
  /// - Parameter url: what they are posted to, for senders who sign that.
  public init(_ secret: SigningSecret, as provider: Provider? = nil, url: String? = nil) {
    self.url = url.map { Array($0.utf8) }
    self.secret = secret
    self.provider = provider ?? secret.provider
  }

  /// Returns the delivery with its signature, made at `now`, and what is signed beside the body: in place of older
  /// ones, or else as the last headers.
  public func sign(_ delivery: OutgoingDelivery, at now: Timestamp) -> OutgoingDelivery {
    var delivery = delivery
    delivery.headers = delivery.request.signed(with: secret, as: provider, at: now, url: url).headers
    return delivery
  }
}

extension Request {
  /// Returns the same request signed again: the signature and what is signed beside the body stay in their places.
  /// - Parameter url: what it is posted to, for senders who sign that; nil: what its own headers say.
  public func signed(
    with secret: SigningSecret, as provider: Provider, at now: Timestamp, url: [UInt8]? = nil
  ) -> Request {
    let id = headers.first(provider.deliveryHeader).map { Array($0) } ?? []
    let url = url ?? provider.scheme.address.url(of: self)
    var request = self
    request.headers = headers.replacing(
      secret.fields(signing: body, at: now, id: id, url: url, as: provider))
    return request
  }
}

extension Headers {
  /// The fields with `new` ones in place of those called like them, and the rest of the new ones behind.
  fileprivate func replacing(_ new: [Field]) -> Headers {
    var rest = new
    let replaced = compactMap { old -> Field? in
      guard new.contains(where: { old.name.equalsIgnoringASCIICase($0.name.text) }) else { return old }
      guard let place = rest.firstIndex(where: { old.name.equalsIgnoringASCIICase($0.name.text) }) else {
        return nil
      }
      return rest.remove(at: place)
    }
    return Headers(replaced + rest)
  }
}

extension Breakage {
  /// What the delivery says of itself in the demo, so that whoever reads it can follow.
  func note(for provider: Provider) -> String { "\(cause.rawValue): \(sentence(for: provider))" }

  /// Returns the delivery signed by `signer` at `now`, and then broken, or nil if its scheme or its body can't be
  /// broken so.
  /// - Parameter providers: those that are known, for what is taken from another one.
  public func applied(
    to delivery: OutgoingDelivery, signer: SampleSigner, at now: Timestamp, among providers: Providers
  ) -> OutgoingDelivery? {
    let signed = SignedDraft(
      headers: delivery.headers, body: delivery.body, provider: signer.provider, secret: signer.secret,
      now: now, providers: providers, url: signer.url)
    guard let draft = applied(to: signed) else { return nil }
    var broken = delivery
    broken.headers = draft.signedHeaders
    broken.body = draft.body
    broken.label += " \(name)"
    return broken
  }
}
