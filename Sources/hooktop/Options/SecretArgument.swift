internal import ArgumentParser
internal import Curses
internal import OperatingSystem
internal import Webhooks

/// Where a signing secret comes from, as `env:VAR`, `file:PATH`, `prompt`, or the secret itself.
enum SecretSource {
  case environment(String)
  case file(String)
  case prompt
  case literal(String)

  init(_ text: String) {
    if text == "prompt" {
      self = .prompt
    } else if text.hasPrefix("env:") {
      self = .environment(String(text.dropFirst(4)))
    } else if text.hasPrefix("file:") {
      self = .file(String(text.dropFirst(5)))
    } else {
      self = .literal(text)
    }
  }
}

/// One `--secret NAME=SOURCE`: which provider it is for, how it is labelled, and where it comes from.
///
/// Parsing never fails: argument-parser would quote the refused text, and with it a secret.
struct SecretArgument: ExpressibleByArgument {
  /// What was understood of the option.
  fileprivate struct Parts {
    /// What stands before the label, or alone.
    let name: Substring
    /// `parlay` or `parlay/LABEL`.
    let label: String
    let source: SecretSource
  }

  private let parts: Parts?

  init(argument: String) {
    parts = Self.parts(of: argument)
  }

  private static func parts(of argument: String) -> Parts? {
    guard let equals = argument.firstIndex(of: "=") else { return nil }
    let label = String(argument[..<equals])
    let name = label.prefix { $0 != "/" }
    let rest = label.dropFirst(name.count + 1)
    guard label == name || SigningSecret.isLabel(rest) else { return nil }
    return Parts(
      name: name, label: label, source: SecretSource(String(argument[argument.index(after: equals)...])))
  }

  /// The secret of a provider that is known.
  /// - Throws: `ValidationError`, without the text that was given.
  func named(among providers: Providers) throws -> NamedSecret {
    if let parts, let provider = providers[parts.name] { return NamedSecret(provider, parts) }
    throw ValidationError(
      "--secret takes NAME=SOURCE: NAME is one of \(providers.names), with a label as in \(providers.exampleName)/old; SOURCE is env:VAR, file:PATH or prompt."
    )
  }
}

/// A secret of a provider, not yet fetched from where it is.
struct NamedSecret {
  let provider: Provider
  let label: String
  private let source: SecretSource
  /// Whether it only helps to explain failures.
  var isRetired = false

  init(_ provider: Provider, label: String, source: SecretSource) {
    (self.provider, self.label, self.source) = (provider, label, source)
  }

  fileprivate init(_ provider: Provider, _ parts: SecretArgument.Parts) {
    self.init(provider, label: parts.label, source: parts.source)
  }

  /// Whether the secret stands on the command line itself.
  var isLiteral: Bool {
    if case .literal = source { true } else { false }
  }

  /// Fetches the secret.
  /// - Throws: `SecretSourceError` or `SecretError`, in words that never hold the secret.
  func load() throws -> SigningSecret {
    try SigningSecret(text(), label: label, provider: provider, retiredAt: isRetired ? .now() : nil)
  }

  private func text() throws(SecretSourceError) -> String {
    switch source {
    case .environment(let name):
      guard let bytes = Environment.bytes(name) else { throw .noVariable(name: name, label: label) }
      return try SecretSourceError.text(bytes, of: label, from: "the environment variable \(name)")
    case .file(let path): return try Self.contents(of: path, label: label)
    case .prompt: return try Self.answer(for: label)
    case .literal(let text):
      // What stands for bytes that Swift could not decode in the argument.
      guard !text.contains("\u{FFFD}") else {
        throw .notText(label: label, source: "the value on the command line")
      }
      return text
    }
  }

  /// The longest file that is taken for a secret, in bytes; a device has no end.
  private static let lengthLimit = 1 << 16

  /// A file's text without one final newline.
  private static func contents(of path: String, label: String) throws(SecretSourceError) -> String {
    let content: [UInt8]?
    do throws(FileError) {
      content = try FileStream(path).readToEnd(limit: lengthLimit)
    } catch {
      throw .unreadable(label: label, reason: error.description)
    }
    guard var bytes = content else { throw .tooLong(path: path, label: label) }
    if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
    return try SecretSourceError.text(bytes, of: label, from: path)
  }

  private static func answer(for label: String) throws(SecretSourceError) -> String {
    let line: [UInt8]?
    do throws(SystemError) {
      line = try HiddenPrompt.read("Signing secret for \(label) (not shown): ")
    } catch {
      throw .unreadable(label: label, reason: error.description)
    }
    guard let line else { throw .noTerminal(label: label) }
    return try SecretSourceError.text(line, of: label, from: "what was typed")
  }
}

/// Why a signing secret can't be fetched from where it is said to be.
enum SecretSourceError: Error, CustomStringConvertible {
  case noVariable(name: String, label: String)
  /// Set, and nothing in it: it is meant to be one, and is none.
  case emptyVariable(name: String, label: String)
  case tooLong(path: String, label: String)
  case unreadable(label: String, reason: String)
  case noTerminal(label: String)
  /// The bytes are not UTF-8; `source` says where they were found.
  case notText(label: String, source: String)

  var description: String {
    switch self {
    case .noVariable(let name, let label):
      "no environment variable \(name) for the secret \(label): export it, or use file:PATH or prompt"
    case .emptyVariable(let name, let label):
      "the environment variable \(name) for the secret \(label) is empty: unset it, or give it the whole secret"
    case .tooLong(let path, let label):
      "\(path) is larger than 64 KiB, so it is not the secret \(label): pass the file that contains only the secret"
    case .unreadable(let label, let reason): "the secret for \(label) can't be read: \(reason)"
    case .noTerminal(let label):
      "there is no terminal to ask for the secret \(label): use env:VAR or file:PATH"
    case .notText(let label, let source):
      "the secret for \(label) can't be used: \(source) is not UTF-8 text; copy the secret again"
    }
  }

  /// The text that `bytes` spell; a secret of repaired bytes would be another one.
  /// - Throws: `notText`.
  static func text(_ bytes: [UInt8], of label: String, from source: String) throws(SecretSourceError)
    -> String
  {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .notText(label: label, source: source)
    }
    return text
  }
}
