internal import ArgumentParser
internal import Webhooks

/// The options that say which signing secrets there are, and how far a signature's time may be off.
struct SecretOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A signing secret; may be repeated. NAME is parlay, parable, or parlay/LABEL for several; SOURCE is env:VAR, file:PATH, prompt, or the secret itself.",
      valueName: "NAME=SOURCE"))
  var secret: [SecretOption] = []

  @Option(help: "How many seconds a signature's time may lie from its arrival, either way.")
  var tolerance = 300.0

  func validate() throws {
    for option in secret { try option.validate() }
    guard tolerance >= 0, tolerance.isFinite else {
      throw ValidationError("--tolerance is a number of seconds from 0 on.")
    }
  }

  /// The secrets named by options, and those of the environment for providers that no option names.
  func keyring() throws -> Keyring {
    var keyring = Keyring()
    for option in secret { keyring.secrets.append(try option.load()) }
    for provider in Provider.all where keyring.secrets(for: provider).isEmpty {
      if let secret = try Self.fromEnvironment(provider) { keyring.secrets.append(secret) }
    }
    for secret in keyring.secrets {
      for warning in secret.warnings { Console.warn(warning.sentence(label: secret.label)) }
    }
    return keyring
  }

  /// `PARLAY_SIGNING_SECRET` and the like.
  private static func fromEnvironment(_ provider: Provider) throws -> SigningSecret? {
    try Environment.value("\(provider.name.uppercased())_SIGNING_SECRET").map {
      try SigningSecret($0, label: provider.name, provider: provider)
    }
  }
}
