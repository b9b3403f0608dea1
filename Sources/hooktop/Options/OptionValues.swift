public import ArgumentParser
internal import JSON
public import Sender
public import Webhooks

/// A provider's name on the command line: whose it is can only be said once the providers in force are known.
struct ProviderName: ExpressibleByArgument {
  private let name: String

  init(argument: String) {
    name = argument
  }

  // Help and completions are made before anything is read.
  static var allValueStrings: [String] { Providers.atStart.all.map(\.name) }

  /// What an option for one asks for, as help says it.
  static var help: String { "by its name (\(Providers.atStart.names))" }

  /// The provider of that name.
  /// - Throws: `ValidationError`, which names the one that is most like it.
  func provider(among providers: Providers) throws -> Provider {
    guard let provider = providers[name] else { throw Self.unknown(name, among: providers) }
    return provider
  }

  /// What is said of a name that no sender has.
  static func unknown(_ name: String, among providers: Providers) -> ValidationError {
    let nearest = EditDistance.nearest(to: name, among: providers.all.map(\.name))
    let hint = nearest.map { "did you mean \($0)?" } ?? "hooktop providers lists them."
    return ValidationError("There is no sender called \(name): \(hint)")
  }
}

/// One `--header 'Name: value'`.
struct HeaderOption: ExpressibleByArgument {
  let field: Headers.Field

  init?(argument: String) {
    guard let colon = argument.firstIndex(of: ":"), colon != argument.startIndex else { return nil }
    let value = argument[argument.index(after: colon)...]
    field = Headers.Field(String(argument[..<colon]), String(value.drop { $0 == " " || $0 == "\t" }))
  }
}

/// A moment on the command line: unix seconds or RFC 3339.
struct MomentOption: ExpressibleByArgument {
  let moment: Timestamp

  init?(argument: String) {
    guard let moment = Timestamp(argument) else { return nil }
    self.moment = moment
  }
}

/// The option that says how far a signature's time may be off.
struct ToleranceOption: ParsableArguments {
  @Option(
    name: .customLong("tolerance"), parsing: .unconditional,
    help: "How many seconds before or after its arrival a delivery may be signed. (default: 300)")
  var givenTolerance: Double?

  var tolerance: Double { givenTolerance ?? 300 }

  func validate() throws {
    guard tolerance >= 0, tolerance.isFinite else {
      throw ValidationError("--tolerance must be a number of seconds from 0.")
    }
  }
}

/// A number of bytes as it is written on the command line: `512`, `64KiB`, `10MiB`, `1GiB`, `10MB`.
struct ByteCount: ExpressibleByArgument, Equatable {
  let bytes: Int

  init(bytes: Int) {
    self.bytes = bytes
  }

  init?(argument: String) {
    let digits = argument.prefix { $0.isASCII && $0.isNumber }
    let unit = argument.dropFirst(digits.count).lowercased()
    guard let number = Int(digits), let factor = ByteCount.factors[unit] else { return nil }
    let (bytes, overflow) = number.multipliedReportingOverflow(by: factor)
    guard !overflow else { return nil }
    self.bytes = bytes
  }

  private static let factors = [
    "": 1, "b": 1, "k": 1 << 10, "kib": 1 << 10, "m": 1 << 20, "mib": 1 << 20, "g": 1 << 30, "gib": 1 << 30,
    "kb": 1000, "mb": 1_000_000, "gb": 1_000_000_000,
  ]

  var defaultValueDescription: String {
    bytes % (1 << 20) == 0 ? "\(bytes >> 20)MiB" : "\(bytes)"
  }
}

/// An http or https URL on the command line, as far as its beginning tells.
struct WebAddress: ExpressibleByArgument {
  let text: String
  /// What is wrong with it, and what was probably meant; nil if nothing is.
  ///
  /// Parsing never fails: argument-parser has no words for what is missing.
  let fault: String?

  init(argument: String) {
    text = argument
    fault = WebURL.isOne(argument) ? nil : Self.fault(of: argument)
  }

  private static func fault(of text: String) -> String {
    let hasScheme = text.contains("://") || text.hasPrefix("http:") || text.hasPrefix("https:")
    let isMeant = !text.isEmpty && !hasScheme && WebURL.isOne("http://\(text)")
    return "--to takes an http or https URL"
      + (isMeant ? ": did you mean http://\(text)?" : ", not '\(text)'.")
  }

  /// An address that the program itself names.
  init(known text: String) {
    self.text = text
    fault = nil
  }

  var defaultValueDescription: String { text }

  /// The whole URL that a client asks for, as senders sign it who sign it.
  var signedURL: String {
    AppURL(text).map { String(decoding: $0.address(for: "/"), as: UTF8.self) } ?? text
  }
}

/// Where senders reach the receiver, for those who sign the URL.
struct PublicURLOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The address that senders post to, for senders who sign the URL (HubSpot, Square). By default it is read from X-Forwarded-Proto, X-Forwarded-Host and Host.",
      valueName: "url"))
  var publicURL: String?

  func validate() throws {
    guard let publicURL, !WebURL.isOne(publicURL) else { return }
    throw ValidationError(
      "--public-url takes an http or https URL such as https://hooks.example.test, not '\(publicURL)'.")
  }

  /// Checks that there is no path where each delivery has one of its own.
  /// - Throws: `ValidationError`.
  func requireNoPath() throws {
    guard target != "/" else { return }
    throw ValidationError(
      "--public-url takes the address without a path, as \(base): each delivery has a path of its own.")
  }

  /// Scheme, host and port.
  private var base: Substring {
    let url = publicURL ?? ""
    let host = url.firstRange(of: "://").map { url[$0.upperBound...].prefix { $0 != "/" } } ?? ""
    return url[..<host.endIndex]
  }

  /// The path and query, for a delivery that is known by its body alone.
  var target: ByteString {
    let rest = (publicURL ?? "").dropFirst(base.count)
    return rest.isEmpty ? "/" : ByteString(rest)
  }

  /// The senders with what they sign of the URL read as it stands here.
  /// - Parameter isSecure: whether the receiver itself speaks TLS.
  func applied(to providers: Providers, isSecure: Bool = false) -> Providers {
    if publicURL != nil { return providers.reached(at: .fixed(ByteString(base))) }
    return isSecure ? providers.reached(at: .received(isSecure: true)) : providers
  }
}

extension AnswerPolicy: ExpressibleByArgument {}

extension Rate: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }

  public var defaultValueDescription: String {
    ShortDecimal.text(perSecond, decimals: 3).map { "\($0)/s" } ?? ""
  }
}
