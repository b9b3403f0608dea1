internal import Config
internal import JSON
internal import Monitor
internal import Sender
internal import Webhooks

/// What is in force of a configuration file while a receiver works, and what a changed one brings.
struct Reconfiguring {
  /// What the command line says, which wins over whatever the file comes to say.
  private let flags: ReceiverOptions
  private(set) var setup: Setup
  private(set) var options: ReceiverOptions
  /// The secrets that come from the file.
  private var secrets: [SigningSecret]
  /// The providers whose secrets the command line or the environment has named.
  private let named: [Provider]

  init(_ flags: ReceiverOptions, _ setup: Setup, _ loaded: LoadedSecrets) throws {
    self.flags = flags
    self.setup = setup
    options = try flags.filled(from: setup.file)
    secrets = loaded.configured
    named = loaded.named
  }

  /// What a changed file brings, ready to be put in force.
  struct Change {
    let setup: Setup
    let options: ReceiverOptions
    let keys: [Configuration.Key]
    let secrets: KeyringChange
    let rules: [AnswerRule]
    let formerRules: [AnswerRule]
    /// nil where what was in force before stays.
    let forwarder: Forwarder??
    /// What is in force now and what is not, in a sentence.
    let words: String
  }

  /// Reads the file again, and works out what is to be changed; nil if nothing is.
  /// - Throws: why it can't be used: then nothing changes.
  mutating func change(listeningOn host: String, _ port: Int) throws -> Change? {
    guard let old = setup.file else { return nil }
    let file = try ConfigurationFile(reading: old.path, old.standing, known: .atStart)
    let next = Setup(file: file)
    let filled = try flags.filled(from: file)
    try filled.requireApp(in: next)
    let configured = try file.secrets().filter { $0.endpoint != nil || !named.contains($0.provider) }.map(
      \.secret)
    let keys = file.configuration.changedKeys(from: old.configuration)
    let forwarder = try filled.forwarding.forwarder(in: next, isRecorded: filled.record != nil)
    try forwarder?.refuseLoop(to: host, port: port)
    let secrets = KeyringChange(from: self.secrets, to: configured)
    guard !keys.isEmpty || !secrets.isEmpty else {
      setup = next
      return nil
    }
    let change = Change(
      setup: next, options: filled, keys: keys, secrets: secrets, rules: try filled.rules(in: next),
      formerRules: try options.rules(in: setup),
      forwarder: keys.contains(where: \.isOfApps) ? .some(forwarder) : .none,
      words: words(
        of: keys, secrets, file, answers: filled.answerPolicy(in: next) != options.answerPolicy(in: setup)))
    (setup, options, self.secrets) = (next, filled, configured)
    return change
  }

  private func words(
    of keys: [Configuration.Key], _ secrets: KeyringChange, _ file: ConfigurationFile, answers: Bool
  ) -> String {
    var used = keys.filter(\.isTakenOver).map(\.rawValue)
    if !secrets.isEmpty, !used.contains("secrets"), !used.contains("endpoints") { used.append("secrets") }
    var late = keys.filter { !$0.isTakenOver }.map(\.rawValue)
    if answers, !late.contains("answer") { late.append("answer") }
    let parts = [
      used.isEmpty ? nil : "\(used.inSentence) in force",
      late.isEmpty ? nil : "restart hooktop to use \(late.inSentence)",
    ]
    return "\(file.path) has changed: \(parts.compactMap { $0 }.joined(separator: "; "))"
  }
}

extension Configuration.Key {
  /// Whether a change of it is put in force while the receiver works.
  fileprivate var isTakenOver: Bool {
    switch self {
    case .endpoints, .providers, .secrets, .forward, .forwardIf, .forwardTimeout, .respond, .tolerance,
      .theme, .publicURL:
      true
    case .listen, .answer, .explain, .keep, .keepBytes, .maxBody, .record, .filter, .timeScale, .tls,
      .mouse, .mask:
      false
    }
  }

  /// Whether it says which deliveries go on to which app.
  fileprivate var isOfApps: Bool {
    [.endpoints, .providers, .forward, .forwardIf, .forwardTimeout].contains(self)
  }
}
