public import JSON
public import Webhooks

/// A header that may carry the signature under another name than the provider documents.
public struct NearHeader: Sendable, Equatable {
  public enum Kind: Sendable, Equatable {
    /// The provider's name, spelled in another way.
    case misspelled(Provider)
    /// A signature header of another service, which is named.
    case service(String)
    /// A signature header by a name that any sender may use.
    case shared
    /// A name that speaks of a signature.
    case unknown
  }

  /// The name as sent.
  public let name: ByteString
  public let kind: Kind

  /// The near headers of a request, at most eight, the likeliest first.
  /// - Parameter provider: whose the request is taken to be: what may hold a token is near for one who sends tokens.
  static func all(
    in headers: Headers, besides providers: Providers, of provider: Provider? = nil
  ) -> [NearHeader] {
    let holdsToken = provider?.scheme.kind == .token
    let near = headers.prefix(256).compactMap { NearHeader($0.name, providers, holdsToken: holdsToken) }
    return Array(near.sorted { $0.rank < $1.rank }.prefix(8))
  }

  /// The signature header of another provider than the one that the request is taken to be of.
  static func ofAnotherProvider(
    in headers: Headers, than provider: Provider?, of providers: Providers
  ) -> NearHeader? {
    providers.all.lazy.filter { $0 != provider }.compactMap { NearHeader(of: $0, in: headers) }.first
  }

  /// The header of a provider that is there; nil if none of its names is.
  init?(of provider: Provider, in headers: Headers) {
    guard let name = provider.scheme.headers.first(where: headers.contains).map({ ByteString($0) }) else {
      return nil
    }
    self.init(name: name, kind: Providers.isCommon(name) ? .shared : .service(provider.title))
  }

  private init(name: ByteString, kind: Kind) {
    self.name = name
    self.kind = kind
  }

  private init?(_ name: ByteString, _ providers: Providers, holdsToken: Bool) {
    guard name.count <= 64,
      !providers.all.contains(where: { provider in
        provider.signs(name.equalsIgnoringASCIICase)
          || provider.scheme.headersBeside.contains(where: name.equalsIgnoringASCIICase)
      })
    else { return nil }
    let letters = Self.letters(name)
    if Providers.isCommon(name) {
      kind = .shared
    } else if let provider = providers.all.first(where: {
      $0.signs { Self.isNear(letters, Self.letters($0.utf8)) }
    }) {
      kind = .misspelled(provider)
    } else if let service = Self.services.first(where: { name.equalsIgnoringASCIICase($0.header) }) {
      kind = .service(service.title)
    } else if letters.speaksOf("signature") || letters.speaksOf("hmac") {
      kind = .unknown
    } else if holdsToken, letters.speaksOf("token") || letters.speaksOf("authorization") {
      kind = .unknown
    } else {
      return nil
    }
    self.name = name
  }

  private var rank: Int {
    switch kind {
    case .misspelled: 0
    case .service: 1
    case .shared: 2
    case .unknown: 3
    }
  }

  /// Signature headers of services that are no providers: one more is one more row.
  private static let services: [(header: String, title: String)] = [
    ("x-twilio-signature", "Twilio"), ("x-hubspot-signature", "HubSpot (before its version 3)"),
    ("paypal-transmission-sig", "PayPal"),
  ]

  /// Letters and digits in lower case, without an `x-` or `http_` in front.
  private static func letters(_ name: some Sequence<UInt8>) -> [UInt8] {
    var letters = name.map(\.asciiLowercased).filter {
      $0.isASCIILetter || $0.isASCIIDigit
    }
    if letters.starts(with: "http".utf8) { letters.removeFirst(4) }
    if letters.first == UInt8(ascii: "x") { letters.removeFirst() }
    return letters
  }

  /// Whether at most two letters must be changed, added or taken away to come from one to the other, and a third of
  /// those that say whose header it is.
  private static func isNear(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    guard abs(left.count - right.count) <= 2 else { return false }
    let own = right.count - (words.first { right.speaksOf($0) }?.utf8.count ?? 0)
    return EditDistance.between(left, right) <= min(2, own / 3)
  }

  /// What the names of many signature headers have in common.
  private static let words = ["webhooksignature", "signature", "hmac", "token"]
}

extension Provider {
  /// Whether one of the names of its signature header is as `isMeant` asks.
  fileprivate func signs(_ isMeant: (String) -> Bool) -> Bool { scheme.headers.contains(where: isMeant) }
}

extension SignatureScheme {
  /// The names of the headers that hold what is signed beside the body.
  fileprivate var headersBeside: [String] {
    if case .headers(let names) = time { names + idHeaders } else { idHeaders }
  }
}

extension DiagnosisSubject {
  /// The schemes to read a header by that is no provider's: that of the name it resembles, else the provider's own;
  /// where no provider is known, each one's, those that differ in the header's name only once.
  func schemes(of header: NearHeader) -> [SignatureScheme] {
    if case .misspelled(let provider) = header.kind { return [provider.scheme] }
    if let provider { return [provider.scheme] }
    return providers.all.map(\.scheme).reduce(into: []) { schemes, scheme in
      if !schemes.contains(where: scheme.signsAlike) { schemes.append(scheme) }
    }
  }

  /// The id that senders sign who sign one.
  var usualID: [UInt8] {
    let known = providers.all.flatMap(\.scheme.idHeaders).lazy.compactMap(request.headers.first).first
    return Array(known ?? idApart ?? envelope.deliveryID ?? envelope.eventID ?? "")
  }

  /// The value of a header that is called an id, as a signature's header or a webhook is: `svix-id` beside
  /// `svix-signature`.
  private var idApart: ByteString? {
    let headers = request.headers.prefix(256)
    let families = headers.compactMap { field in
      field.name.count <= 64 && field.name.suffix(10).speaksOf("-signature") ? field.name.dropLast(9) : nil
    }
    return headers.first { field in
      guard field.name.count <= 64, field.name.suffix(3).speaksOf("-id") else { return false }
      let stem = field.name.dropLast(2).lazy.map(\.asciiLowercased)
      return field.name.speaksOf("webhook")
        || families.contains { $0.lazy.map(\.asciiLowercased).elementsEqual(stem) }
    }?.value
  }
}
