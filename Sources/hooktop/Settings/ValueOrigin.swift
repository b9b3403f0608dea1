internal import Config

/// Where a value that is in force was given.
enum ValueOrigin: Equatable {
  case flag(String)
  case environment(String)
  case file(Place)
  /// A signing secret that hooktop has saved.
  case saved
  case `default`

  /// The kind in one word, as scripts read it.
  var kind: String {
    switch self {
    case .flag: "flag"
    case .environment: "environment"
    case .file: "file"
    case .saved: "saved"
    case .default: "default"
    }
  }

  /// The option, the variable or the file; nil if it is none of these.
  func name(file: String?) -> String? {
    switch self {
    case .flag(let name), .environment(let name): name
    case .file: file
    case .saved, .default: nil
    }
  }

  var isFile: Bool { place != nil }

  var place: Place? { if case .file(let place) = self { place } else { nil } }

  /// In words: `--keep`, `environment, PARLAY_SIGNING_SECRET`, `hooktop.yaml:3`, `default`.
  func words(file: String?) -> String {
    switch self {
    case .flag(let name): name
    case .environment(let name): "environment, \(name)"
    case .file(let place): "\(file ?? "file"):\(place.line)"
    case .saved: "saved by hooktop parlay"
    case .default: "default"
    }
  }
}
