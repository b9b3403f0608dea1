internal import ArgumentParser
internal import JSON
internal import Monitor
internal import Sender
internal import Webhooks

/// The options that say where a provider's API is, and what opens it.
struct APIOptions: ParsableArguments {
  @Option(
    name: .customLong("api-url"),
    help: ArgumentHelp(
      "The API's address, such as http://127.0.0.1:4800. Defaults to PARLAY_API_URL or PARABLE_API_URL.",
      valueName: "url"))
  var apiURL: String?

  @Option(
    help: ArgumentHelp(
      "Read the API key from this file; - is standard input. Defaults to PARLAY_API_KEY or PARABLE_API_KEY.",
      valueName: "file"), completion: .file())
  var keyFile: String?

  @Flag(help: "Print the API's response as a line of JSON.")
  var json = false

  /// The longest file that is taken for a key, in bytes.
  private static let keyLimit = 1 << 16

  /// - Throws: `APIOptionError` and `APIAccessError`, and what reading a file throws; none of them holds the key.
  func access(for provider: Provider) throws -> APIAccess {
    let known = KnownAPIs(environment: Environment.bytes)
    guard let url = apiURL ?? known.url(of: provider) else { throw APIOptionError.noAddress(provider) }
    return try APIAccess(url: url, key: try key(for: provider, known))
  }

  private func key(for provider: Provider, _ known: KnownAPIs) throws -> [UInt8] {
    guard let keyFile else {
      guard let key = known.key(of: provider) else { throw APIOptionError.noKey(provider) }
      return key
    }
    let bytes = try FileStream(keyFile).readToEnd(atMost: Self.keyLimit)
    return bytes.last == 0x0A ? bytes.dropLast() : bytes
  }
}

/// The option that allows what a provider's documentation does not have.
struct UndocumentedOption: ParsableArguments {
  @Flag(
    help: "Make this call even though it is not in the provider's documentation; not needed for the sandbox.")
  var undocumented = false

  /// - Throws: `ValidationError`, where the call is only known to work with hooktop's own sandbox.
  func check(_ call: APICall, at access: APIAccess) throws {
    guard call.isDocumented || access.isSandbox || undocumented else {
      throw ValidationError(
        "This call is not in \(call.title)'s documentation: --undocumented makes it anyway; hooktop sandbox has it."
      )
    }
  }
}

/// The APIs that the environment speaks of.
struct KnownAPIs: Sendable {
  /// A variable's value as it stands.
  let environment: @Sendable (String) -> [UInt8]?

  /// The address of a provider's API; nil if none is set.
  func url(of provider: Provider) -> String? {
    value(provider.apiURLVariable).map { String(decoding: $0, as: UTF8.self) }
  }

  /// What a provider's API is called with.
  /// - Throws: `APIOptionError` and `APIAccessError`.
  func access(of provider: Provider) throws -> APIAccess {
    guard let url = url(of: provider), let key = key(of: provider) else {
      throw APIOptionError.notInEnvironment(provider)
    }
    return try APIAccess(url: url, key: key)
  }

  func key(of provider: Provider) -> [UInt8]? { value(provider.apiKeyVariable) }

  private func value(_ name: String) -> [UInt8]? { environment(name).flatMap { $0.isEmpty ? nil : $0 } }
}

extension Provider {
  /// `PARLAY_API_URL` and the like.
  var apiURLVariable: String { "\(variablePrefix)_API_URL" }
  /// `PARLAY_API_KEY` and the like.
  var apiKeyVariable: String { "\(variablePrefix)_API_KEY" }
}

/// What is missing to call an API.
enum APIOptionError: Error, CustomStringConvertible {
  case noAddress(Provider)
  case noKey(Provider)
  /// For a program that has no options for them.
  case notInEnvironment(Provider)

  var description: String {
    switch self {
    case .noAddress(let provider):
      "no address of \(provider.title)'s API: give --api-url URL or set \(provider.apiURLVariable); hooktop sandbox starts one on this machine"
    case .noKey(let provider):
      "no key for \(provider.title)'s API: set \(provider.apiKeyVariable) or give --key-file FILE; hooktop sandbox prints one when it starts"
    case .notInEnvironment(let provider):
      "Set \(provider.apiURLVariable) and \(provider.apiKeyVariable), then start hooktop again"
    }
  }
}

/// An id on the command line.
struct IDArgument: ExpressibleByArgument {
  let id: APIID

  init?(argument: String) {
    guard let id = APIID(argument.utf8) else { return nil }
    self.id = id
  }
}

extension APIs {
  /// What the screen is to know of the APIs that the environment names.
  init(_ known: KnownAPIs, among providers: Providers) {
    let faults = providers.all.map { provider -> (provider: Provider, fault: String?, isSandbox: Bool) in
      do {
        return (provider, nil, try known.access(of: provider).isSandbox)
      } catch {
        return (provider, "\(error)", false)
      }
    }
    self.init(
      fault: { provider in
        guard !provider.calls.isEmpty else { return "No API of \(provider.title) is known" }
        return faults.first { $0.provider == provider }?.fault
      },
      isSandbox: { provider in faults.contains { $0.provider == provider && $0.isSandbox } })
  }
}
