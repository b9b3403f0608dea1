internal import Webhooks

/// Hides what may be a secret among the arguments of the command line from a message that quotes them.
struct SecretMask {
  private struct Replacement {
    let text: String
    let mask: String
  }

  private var replacements: [Replacement] = []
  /// What secrets of the providers begin with.
  private let prefixes: Set<String>

  init(arguments: [String], prefixes: Set<String>) {
    self.prefixes = prefixes
    var isSecretValue = false
    for argument in arguments {
      if argument.hasPrefix("-") {
        isSecretValue = argument == "--secret" || Self.endsInSecret(argument)
        addOption(argument)
      } else if isSecretValue || mayBeSecret(argument) {
        add(argument)
      }
    }
    // A secret may be part of another one.
    replacements.sort { $0.text.utf8.count > $1.text.utf8.count }
  }

  /// Whether it is `-s`, alone or behind other letters.
  private static func endsInSecret(_ argument: String) -> Bool {
    argument.hasSuffix("s") && !argument.hasPrefix("--")
  }

  /// `message` with `...` in place of what may be a secret.
  func hiding(in message: String) -> String {
    let masked = replacements.reduce(message) { $0.replacing($1.text, with: $1.mask) }
    return prefixes.reduce(masked) { Self.hidingWhatFollows($1, in: $0) }
      // API keys, which begin alike with many providers.
      .replacing(#/\b([ps]k_)[A-Za-z0-9_]{8,}/#) { "\($0.1)..." }
  }

  /// `text` with `...` for each word behind `prefix`.
  private static func hidingWhatFollows(_ prefix: String, in text: String) -> String {
    var shown = ""
    var rest = text[...]
    while let found = rest.firstRange(of: prefix) {
      let behind = rest[found.upperBound...]
      let secret = behind.prefix { !$0.isWhitespace && $0 != "'" && $0 != "\"" }
      shown += rest[..<found.upperBound] + (secret.isEmpty ? "" : "...")
      rest = behind[secret.endIndex...]
    }
    return shown + rest
  }

  /// The value of `--secret=parlay=...`, or of any other option that holds one by mistake.
  private mutating func addOption(_ argument: String) {
    guard let equals = argument.firstIndex(of: "=") else { return }
    let value = String(argument[argument.index(after: equals)...])
    if argument.hasPrefix("--secret=") || mayBeSecret(value) { add(value) }
  }

  private mutating func add(_ text: String) {
    guard !text.isEmpty else { return }
    let name = text.firstIndex(of: "=").map { text[...$0] } ?? ""
    // A short word stands in messages of its own accord: only where it is quoted is it the argument.
    replacements.append(Replacement(text: "'\(text)'", mask: "'\(name)...'"))
    if !name.isEmpty { replacements.append(Replacement(text: text, mask: "\(name)...")) }
  }

  private func mayBeSecret(_ argument: String) -> Bool {
    prefixes.contains(where: argument.contains)
      || argument.firstIndex(of: "=").map { $0 > argument.startIndex } ?? false
  }
}

extension SecretMask {
  /// The mask for this run, whatever provider a secret is of.
  static var ofCommandLine: SecretMask {
    SecretMask(
      arguments: CommandLine.arguments, prefixes: Set(Providers.atStart.all.compactMap(\.secretPrefix)))
  }
}
