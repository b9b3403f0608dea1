/// Why a signing secret can't be fetched from where it is said to be.
enum SecretSourceError: Error, CustomStringConvertible {
  case notUnderstood
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
    case .notUnderstood: "--secret takes NAME=SOURCE, as parlay=env:VAR"
    case .noVariable(let name, let label):
      "no environment variable \(name) for the secret \(label): export it, or use file:PATH or prompt"
    case .emptyVariable(let name, let label):
      "the environment variable \(name) for the secret \(label) is empty: unset it, or give it the whole whsec_… string"
    case .tooLong(let path, let label):
      "the secret for \(label) can't be in \(path): that is longer than any; give the file that holds nothing else"
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
