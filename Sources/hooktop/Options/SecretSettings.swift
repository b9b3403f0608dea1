internal import ArgumentParser
internal import Glibc
internal import Webhooks

/// Which signing secrets there are: the `--secret` options, and the environment behind them.
struct SecretSettings: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "A signing secret. Repeatable. NAME is a provider (\(Providers.atStart.names)), or NAME/LABEL to give one provider several; SOURCE is env:VAR, file:PATH, prompt, or the secret itself.",
      valueName: "NAME=SOURCE"),
    // A list of whole values: a shell would take what stands behind an equals sign for a word of its own.
    completion: .list(
      Providers.atStart.all.flatMap { provider in
        ["env:\(provider.secretVariable)", "file:", "prompt"].map { "\(provider.name)=\($0)" }
      }))
  var secret: [SecretArgument] = []

  /// Says which providers the options are about.
  /// - Throws: `ValidationError` for a name that is none, or a label that stands there twice.
  func named(in setup: Setup) throws -> NamedSecrets {
    var named = try named(among: setup.providers)
    named.file = setup.file
    return named
  }

  /// The same without a file.
  func named(among providers: Providers) throws -> NamedSecrets {
    let named = try secret.map { try $0.named(among: providers) }
    var labels: Set<String> = []
    for label in named.map(\.label) where !labels.insert(label).inserted {
      throw ValidationError(
        "--secret names \(label) twice: give each secret a label of its own, as in \(providers.exampleName)/old."
      )
    }
    return NamedSecrets(secrets: named, providers: providers)
  }
}

/// The secrets that the options name, not yet fetched.
struct NamedSecrets {
  let secrets: [NamedSecret]
  let providers: Providers
  /// Names the secrets of providers that neither an option nor the environment has any of, and those of endpoints.
  var file: ConfigurationFile?

  /// Fetches the secrets, and says what looks wrong with them.
  ///
  /// - Parameters:
  ///   - provider: whose secrets are fetched; nil for all.
  ///   - usingEnvironment: whether a provider that no option names gets the secret of its environment variable.
  ///   - saved: where a provider's secrets are taken from that has none by then; nil for nowhere.
  /// - Throws: `SecretSourceError` or `SecretError`, in words that never hold a secret.
  func load(
    for provider: Provider? = nil, usingEnvironment: Bool = true, orFrom saved: SavedSecrets? = nil
  ) throws -> LoadedSecrets {
    let wanted = provider.map { [$0] } ?? providers.all
    var loaded = LoadedSecrets()
    for secret in secrets where wanted.contains(secret.provider) {
      loaded.add(try secret.load(), from: .flag("--secret"), isLiteral: secret.isLiteral)
    }
    if usingEnvironment {
      for provider in wanted where !loaded.keyring.knows(provider) {
        guard let secret = try Self.fromEnvironment(provider) else { continue }
        loaded.add(secret, from: .environment(provider.secretVariable))
      }
    }
    try addConfigured(of: wanted, to: &loaded)
    if let saved { loaded.add(from: saved, for: wanted, among: providers) }
    for warning in loaded.warnings { Console.warn(warning) }
    return loaded
  }

  private func addConfigured(of wanted: [Provider], to loaded: inout LoadedSecrets) throws {
    let known = wanted.filter { loaded.keyring.knows($0) }
    for secret in try file?.secrets() ?? [] where wanted.contains(secret.provider) {
      guard secret.endpoint != nil || !known.contains(secret.provider) else { continue }
      loaded.add(secret.secret, from: .file(secret.place))
    }
  }

  private static func fromEnvironment(_ provider: Provider) throws -> SigningSecret? {
    let name = provider.secretVariable
    guard let bytes = Environment.bytes(name) else { return try fromCustomaryVariable(of: provider) }
    guard !bytes.isEmpty else { throw SecretSourceError.emptyVariable(name: name, label: provider.name) }
    let text = try SecretSourceError.text(bytes, of: provider.name, from: "the environment variable \(name)")
    return try SigningSecret(text, label: provider.name, provider: provider)
  }

  /// The secret in a variable that other programs read, too, so that an empty one means nothing here.
  private static func fromCustomaryVariable(of provider: Provider) throws -> SigningSecret? {
    for name in provider.secretVariables {
      guard let bytes = Environment.bytes(name), !bytes.isEmpty else { continue }
      let text = try SecretSourceError.text(
        bytes, of: provider.name, from: "the environment variable \(name)")
      return try SigningSecret(text, label: provider.name, provider: provider)
    }
    return nil
  }
}

extension Provider {
  /// `PARLAY_SIGNING_SECRET` and the like.
  var secretVariable: String { "\(variablePrefix)_SIGNING_SECRET" }

  /// What the provider's environment variables begin with: `LEMON_SQUEEZY`.
  var variablePrefix: String { name.uppercased().replacing("-", with: "_") }
}

extension Providers {
  /// Which environment variables hold signing secrets, in a sentence.
  static var secretVariables: String {
    let own = documented.all.map(\.secretVariable).joined(separator: ", ")
    let customary = atStart.all.flatMap(\.secretVariables).joined(separator: ", ")
    return "\(own) and the like (NAME_SIGNING_SECRET, with _ for -), or \(customary)"
  }
}

/// Secrets that were fetched, and what looks wrong with them.
struct LoadedSecrets {
  private(set) var keyring = Keyring()
  /// A line each, without the secret.
  private(set) var warnings: [String] = []
  /// Where each secret of the keyring was named.
  private(set) var origins: [ValueOrigin] = []
  /// Those that were found where they are saved, the one that was saved last first.
  private var saved: [SigningSecret] = []

  /// Secrets that nobody had to name.
  init(_ secrets: [SigningSecret] = []) {
    for secret in secrets { add(secret) }
  }

  /// - Parameter isLiteral: whether the secret stands on the command line itself.
  mutating func add(_ secret: SigningSecret, from origin: ValueOrigin = .default, isLiteral: Bool = false) {
    keyring.secrets.append(secret)
    origins.append(origin)
    // The graver ones first: with such a secret nothing may verify.
    warnings += secret.warnings.map { $0.sentence(label: secret.label) }
    if isLiteral {
      warnings.append(
        "the secret for \(secret.label) is on the command line, where other users can see it: use env:, file: or prompt"
      )
    }
  }

  /// Adds what is saved for those of the providers that have no secret yet.
  mutating func add(from place: SavedSecrets, for wanted: [Provider], among providers: Providers) {
    let lacking = wanted.filter { !keyring.knows($0) }
    guard !lacking.isEmpty else { return }
    var contents = SavedSecrets.Contents()
    place.read(&contents, of: providers)
    if let fault = contents.fault { warnings.append(fault) }
    for file in contents.newestFirst where file.provider.map(lacking.contains) ?? false {
      warnings += [file.fault, file.exposure].compactMap { $0 }
      guard let secret = file.secret else { continue }
      saved.append(secret)
      keyring.secrets.append(secret)
      origins.append(.saved)
    }
  }

  /// Says which of the saved secrets signs for a provider, its first one; nil if none does.
  func noteOnSigning(as provider: Provider) -> String? {
    let own = saved.filter { $0.provider == provider }
    guard let first = own.first else { return nil }
    let note = "signing with the saved secret \(first.label)"
    return own.count == 1 ? note : "\(note), the newest of \(own.count); --secret chooses another"
  }

  /// Says which of the saved secrets verify; nil if none does.
  var noteOnVerifying: String? {
    guard let first = saved.first else { return nil }
    guard saved.count > 1 else { return "verifying with the saved secret \(first.label)" }
    let few = saved.prefix(4).map(\.label).joined(separator: ", ")
    let rest = saved.count > 4 ? " and \(saved.count - 4) more" : ""
    return "verifying with the saved secrets \(few)\(rest)"
  }

  /// Those that a configuration file names.
  var configured: [SigningSecret] {
    zip(keyring.secrets, origins).filter { $1.isFile }.map(\.0)
  }

  /// The providers whose secrets something else has named.
  var named: [Provider] { zip(keyring.secrets, origins).filter { !$1.isFile }.map(\.0.provider) }

  /// The warnings in one line for a screen, which hides what stands on the terminal; nil for none.
  var greeting: String? {
    guard let first = warnings.first else { return nil }
    return warnings.count == 1 ? "warning: \(first)" : "\(warnings.count) warnings; the first: \(first)"
  }
}

/// The process's environment variables.
enum Environment {
  /// A variable's value as it stands, which need not be UTF-8; nil if it is not set.
  static func bytes(_ name: String) -> [UInt8]? {
    getenv(name).map { value in Array(UnsafeRawBufferPointer(start: value, count: strlen(value))) }
  }
}
