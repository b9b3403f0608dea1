internal import Screen
public import Webhooks

/// What a changed configuration file brings to the screen; the receiver has it already.
public struct Reconfiguration: Sendable {
  public var providers: Providers
  public var endpoints: Endpoints
  /// In seconds.
  public var tolerance: Double
  /// The app that deliveries go on to, in words; nil if none do.
  public var forward: String?
  public var secrets: KeyringChange
  /// When it was put in force.
  public var moment: Timestamp
  /// What is in force now, in a sentence.
  public var words: String

  public init(
    providers: Providers, endpoints: Endpoints, tolerance: Double, forward: String?, secrets: KeyringChange,
    moment: Timestamp, words: String
  ) {
    self.providers = providers
    self.endpoints = endpoints
    self.tolerance = tolerance
    self.forward = forward
    self.secrets = secrets
    self.moment = moment
    self.words = words
  }
}

extension Model {
  mutating func take(_ change: Reconfiguration) -> [Effect] {
    setting.providers = change.providers
    setting.endpoints = change.endpoints
    setting.tolerance = change.tolerance
    setting.forward = change.forward
    notice = Notice(change.words, .success)
    guard !change.secrets.isEmpty else { return [] }
    var changed = keyring
    changed.take(change.secrets, at: change.moment)
    return use(changed)
  }
}
