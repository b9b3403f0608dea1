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
    let known = KnownHeaders(of: providers)
    let near = headers.prefix(256).compactMap { NearHeader($0.name, known, holdsToken: holdsToken) }
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

  private init?(_ name: ByteString, _ known: KnownHeaders, holdsToken: Bool) {
    guard name.count <= 64, !known.all.contains(where: name.equalsIgnoringASCIICase) else { return nil }
    let letters = Letters(name)
    if Providers.isCommon(name) {
      kind = .shared
    } else if let near = known.signatures.first(where: { letters.areNear($0.letters) }) {
      kind = .misspelled(near.provider)
    } else if let service = Self.services.first(where: { name.equalsIgnoringASCIICase($0.header) }) {
      kind = .service(service.title)
    } else if letters.text.speaksOf("signature") || letters.text.speaksOf("hmac") {
      kind = .unknown
    } else if holdsToken, letters.text.speaksOf("token") || letters.text.speaksOf("authorization") {
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

  /// The headers of all senders.
  private struct KnownHeaders {
    /// Their names: those of signatures, and of what is signed beside the body.
    let all: [String]
    let signatures: [(provider: Provider, letters: Letters)]

    init(of providers: Providers) {
      all = providers.all.flatMap { $0.scheme.headers + $0.scheme.headersBeside }
      signatures = providers.all.flatMap { provider in
        provider.scheme.headers.map { (provider, Letters($0.utf8)) }
      }
    }
  }

  /// The letters and digits of a header's name in lower case, without an `x-` or `http_` in front.
  private struct Letters {
    let text: [UInt8]
    /// A bit for each of them that occurs; some have one in common.
    private let bits: UInt32

    init(_ name: some Sequence<UInt8>) {
      var letters = name.map(\.asciiLowercased).filter { $0.isASCIILetter || $0.isASCIIDigit }
      if letters.starts(with: "http".utf8) { letters.removeFirst(4) }
      if letters.first == UInt8(ascii: "x") { letters.removeFirst() }
      text = letters
      bits = letters.reduce(0) { $0 | 1 << UInt32($1 & 31) }
    }

    /// Whether at most two letters must be changed, added or taken away to come from one to the other, and a third of
    /// those that say whose header it is.
    func areNear(_ other: Letters) -> Bool {
      // With each such step at most one letter goes and one comes.
      guard abs(text.count - other.text.count) <= 2, (bits ^ other.bits).nonzeroBitCount <= 4 else {
        return false
      }
      let shared = Self.words.first { other.text.speaksOf($0) }?.utf8.count ?? 0
      return EditDistance.between(text, other.text) <= min(2, (other.text.count - shared) / 3)
    }

    /// What the names of many signature headers have in common.
    private static let words = ["webhooksignature", "signature", "hmac", "token"]
  }
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
