internal import ArgumentParser
internal import Glibc
internal import Webhooks

/// One `--secret NAME=SOURCE`: which provider it is for, how it is labelled, and where it comes from.
struct SecretOption: ExpressibleByArgument {
  enum Source {
    case environment(String)
    case file(String)
    case prompt
    case literal(String)
  }

  let provider: Provider
  /// `parlay` or `parlay/LABEL`.
  let label: String
  let source: Source

  init?(argument: String) {
    guard let equals = argument.firstIndex(of: "=") else { return nil }
    let label = String(argument[..<equals])
    let name = label.prefix { $0 != "/" }
    guard let provider = Provider.named(String(name)), label != "\(name)/" else { return nil }
    self.provider = provider
    self.label = label
    source = Source(String(argument[argument.index(after: equals)...]))
  }

  /// Fetches the secret.
  /// - Throws: `SecretSourceError` or `SecretError`, in words that never hold the secret.
  func load() throws -> SigningSecret {
    try SigningSecret(text(), label: label, provider: provider)
  }

  private func text() throws(SecretSourceError) -> String {
    switch source {
    case .environment(let name):
      guard let value = Environment.value(name) else { throw .noVariable(name: name, label: label) }
      return value
    case .file(let path): return try Self.contents(of: path, label: label)
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
  case noVariable(name: String, label: String)
  case unreadable(label: String, reason: String)
  case noTerminal(label: String)

  var description: String {
    switch self {
    case .noVariable(let name, let label):
      "no environment variable \(name) for the secret \(label): export it, or use file:PATH or prompt"
    case .unreadable(let label, let reason): "the secret for \(label) can't be read: \(reason)"
    case .noTerminal(let label):
      "there is no terminal to ask for the secret \(label): use env:VAR or file:PATH"
    }
  }
}
