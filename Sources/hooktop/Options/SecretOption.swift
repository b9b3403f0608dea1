internal import ArgumentParser
internal import Glibc
internal import Webhooks

/// One `--secret NAME=SOURCE`: which provider it is for, how it is labelled, and where it comes from.
///
/// Parsing never fails: argument-parser would quote the refused text, and with it a secret.
struct SecretOption: ExpressibleByArgument {
  enum Source {
    case environment(String)
    case file(String)
    case prompt
    case literal(String)
  }

  /// What was understood of the option.
  private struct Parts {
    let provider: Provider
    /// `parlay` or `parlay/LABEL`.
    let label: String
    let source: Source
  }

  private let parts: Parts?

  init(argument: String) {
    parts = Self.parts(of: argument)
  }

  private static func parts(of argument: String) -> Parts? {
    guard let equals = argument.firstIndex(of: "=") else { return nil }
    let label = String(argument[..<equals])
    let name = label.prefix { $0 != "/" }
    guard let provider = Provider.named(String(name)), label != "\(name)/" else { return nil }
    return Parts(
      provider: provider, label: label, source: Source(String(argument[argument.index(after: equals)...])))
  }

  /// - Throws: `ValidationError`, without the text that was given.
  func validate() throws {
    guard parts == nil else { return }
    let names = Provider.all.map(\.name).joined(separator: ", ")
    throw ValidationError(
      "--secret takes NAME=SOURCE: NAME is one of \(names), with a label as in parlay/old; SOURCE is env:VAR, file:PATH or prompt."
    )
  }

  /// Fetches the secret.
  /// - Throws: `SecretSourceError` or `SecretError`, in words that never hold the secret.
  func load() throws -> SigningSecret {
    guard let parts else { throw SecretSourceError.notUnderstood }
    return try SigningSecret(Self.text(parts), label: parts.label, provider: parts.provider)
  }

  private static func text(_ parts: Parts) throws(SecretSourceError) -> String {
    let label = parts.label
    switch parts.source {
    case .environment(let name):
      guard let value = Environment.value(name) else { throw .noVariable(name: name, label: label) }
      return value
    case .file(let path): return try contents(of: path, label: label)
    case .prompt:
      guard let line = HiddenPrompt.read("Signing secret for \(label) (not shown): ") else {
        throw .noTerminal(label: label)
      }
      return line
    case .literal(let text):
      Console.warn(
        "the secret for \(label) stands on the command line, where other users can see it: use env:, file: or prompt"
      )
      return text
    }
  }

  /// A file's text without one final newline.
  private static func contents(of path: String, label: String) throws(SecretSourceError) -> String {
    do throws(FileError) {
      var bytes = try File.read(path)
      if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
      guard let text = String(validating: bytes, as: UTF8.self) else { throw FileError.notText(path: path) }
      return text
    } catch {
      throw .unreadable(label: label, reason: error.description)
    }
  }
}

extension SecretOption.Source {
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

/// Why a signing secret can't be fetched from where it is said to be.
enum SecretSourceError: Error, CustomStringConvertible {
  case notUnderstood
  case noVariable(name: String, label: String)
  case unreadable(label: String, reason: String)
  case noTerminal(label: String)

  var description: String {
    switch self {
    case .notUnderstood: "--secret takes NAME=SOURCE, as parlay=env:VAR"
    case .noVariable(let name, let label):
      "no environment variable \(name) for the secret \(label): export it, or use file:PATH or prompt"
    case .unreadable(let label, let reason): "the secret for \(label) can't be read: \(reason)"
    case .noTerminal(let label):
      "there is no terminal to ask for the secret \(label): use env:VAR or file:PATH"
    }
  }
}
