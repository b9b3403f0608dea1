/// Where the keys go: one pane, or what lies over them. An action names the modes that it works in.
struct Modes: OptionSet, Hashable, Sendable {
  let rawValue: Int

  static let deliveries = Modes(rawValue: 1)
  static let signature = Modes(rawValue: 2)
  static let body = Modes(rawValue: 4)
  static let headers = Modes(rawValue: 8)
  static let help = Modes(rawValue: 16)
  static let incidents = Modes(rawValue: 32)
  static let types = Modes(rawValue: 64)
  /// A line of input takes all keys that no action of this mode has.
  static let prompt = Modes(rawValue: 128)
  static let palette = Modes(rawValue: 256)
  static let tryIt = Modes(rawValue: 512)
  static let bytes = Modes(rawValue: 1024)
  static let secrets = Modes(rawValue: 2048)

  static let panes: Modes = [.deliveries, .signature, .body, .headers]
  static let text: Modes = [.signature, .body, .headers]
  static let popups: Modes = [.help, .incidents, .types, .tryIt, .bytes, .secrets]
  static let everywhere: Modes = [.panes, .popups]

  init(rawValue: Int) {
    self.rawValue = rawValue
  }

  init(_ pane: Pane) {
    switch pane {
    case .deliveries: self = .deliveries
    case .signature: self = .signature
    case .body: self = .body
    case .headers: self = .headers
    }
  }
}

extension Modes {
  /// Every single mode.
  static let each: [Modes] = (0..<12).map { Modes(rawValue: 1 << $0) }
}

extension Modes {
  /// The name of a single mode, as the help's title has it.
  var title: String {
    switch self {
    case .deliveries: Pane.deliveries.title
    case .signature: Pane.signature.title
    case .body: Pane.body.title
    case .headers: Pane.headers.title
    case .incidents: "Incidents"
    case .types: "Event types"
    case .tryIt: "Try it"
    case .bytes: "Signed bytes"
    case .secrets: "Signing secrets"
    default: "Keys"
    }
  }
}
