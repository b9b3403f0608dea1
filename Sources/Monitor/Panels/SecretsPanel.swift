internal import DequeModule
internal import JSON
internal import Screen
internal import Webhooks

/// The list of secrets: labels, fingerprints and counters, never a value.
struct SecretsPanel: Popup {
  static let title = "Signing secrets"

  var viewport = Viewport()

  static let actions: [Action] = [
    action(
      "add a secret", [.character("a")], .signature, "Add a signing secret; it is not shown.", hint: "add"
    ) { _, model in
      model.panels.push(Prompt.secretName(model.list.selection?.envelope.provider, in: model))
    },
    action(
      "retire", [.character("r")], .signature, "Retire the secret, or use it again.",
      hint: "retire",
      perform: { panel, model in
        panel.selectedRow(of: model.keyring.secrets.count).map { model.toggleRetired($0) } ?? []
      }),
  ]

  func content(_ model: Model) -> PopupContent {
    let secrets = model.keyring.secrets
    // The label of a saved secret holds the webhook's id.
    let labels = max(Self.labelColumns, (secrets.map { SafeText.width(of: $0.label) + 2 }.max() ?? 0))
    let columns = Self.columns + labels - Self.labelColumns
    var content = PopupContent("Signing secrets", columns: columns, rowCount: secrets.count) {
      Self.line(secrets[$0], labels: labels, model)
    }
    content.foot = foot(selectedRow(of: secrets.count).map { secrets[$0] }, model)
    content.empty = "None. Press a to add one."
    content.hasCursor = true
    return content
  }

  private static let columns = 78
  private static let labelColumns = 24

  private static func line(_ secret: SigningSecret, labels: Int, _ model: Model) -> [TextRun] {
    let verb = secret.wasRotated ? "rotated" : "retired"
    let state =
      secret.retiredAt.map { "\(verb) \(model.setting.zone.text($0, today: model.now))" } ?? "in use"
    let matches = Wording.count(model.list.signedCount(by: secret), "delivery", "deliveries")
    return [
      TextRun(SafeText.padded(secret.label, to: labels)), TextRun(secret.fingerprint, .dim), TextRun("  "),
      TextRun(SafeText.padded(state, to: 18), Style(secret.retiredAt == nil ? .success : .neutral)),
      TextRun("\(model.setting.source.signing) \(matches)"),
    ]
  }

  /// A warning about the selected secret, and how to rotate without a gap.
  private func foot(_ selected: SigningSecret?, _ model: Model) -> [[TextRun]] {
    let wrapping = Wrapping(
      columns: PopupFrame.textColumns(Self.columns, on: model.size), charset: model.setting.charset,
      proseIndent: 0)
    let warning = selected.flatMap { secret in secret.warnings.first?.sentence(label: secret.label) } ?? ""
    let rows = wrapping.rows(of: [TextRun(warning, Style(.warning))])
    return [[]] + Array((rows + [[]]).prefix(2)) + [
      [TextRun("To rotate without a gap: add the new secret, rotate at the provider, retire", .dim)],
      [TextRun("the old one. A retired secret verifies nothing, and is named if it matches.", .dim)],
    ]
  }
}

extension Model {
  /// Uses changed secrets from now on; what was found out with the old ones is found out anew.
  mutating func use(_ keyring: Keyring) -> [Effect] {
    self.keyring = keyring
    diagnoses = DiagnosisLog()
    generation += 1
    inspection = nil
    recheck = nil
    return [.use(keyring)] + recheckKept()
  }

  /// Adds a secret, with what is to be minded about it.
  mutating func add(_ secret: SigningSecret) -> [Effect] {
    let used = "\(secret.label) (\(secret.fingerprint)) \(setting.source.useOfSecret)"
    notice =
      secret.warnings.first.map { Notice("\(used), but \($0.sentence(label: secret.label))", .warning) }
      ?? Notice(used, .success)
    return use(Keyring(keyring.secrets + [secret]))
  }

  /// Uses saved secrets that have come, in the place of those that they replace.
  mutating func take(_ rotations: [Rotation]) -> [Effect] {
    var changed = keyring
    guard changed.take(rotations), let last = rotations.last else { return [] }
    let label = last.new.label
    notice =
      last.old == nil
      ? Notice("The saved secret \(label) is active", .success)
      : Notice(
        "\(label) was rotated at \(setting.zone.time(last.moment)): the new secret is active", .success)
    return use(changed)
  }

  /// Retires a secret, or takes it back into use.
  fileprivate mutating func toggleRetired(_ index: Int) -> [Effect] {
    var changed = keyring
    let secret = keyring.secrets[index]
    changed.secrets[index].retiredAt = secret.retiredAt == nil ? now : nil
    changed.secrets[index].wasRotated = false
    notice =
      secret.retiredAt == nil
      ? Notice("\(secret.label) is retired and verifies nothing; press r to use it again", .warning)
      : Notice("\(secret.label) is used again", .success)
    return use(changed)
  }
}

extension Prompt {
  /// Asks what a new secret is to be called, which begins with the name of its provider: that of the delivery, where it
  /// has one, is typed already.
  /// - Parameters:
  ///   - tried: a secret that is known already, else it is asked for next.
  ///   - isAgain: the name was none.
  static func secretName(
    _ provider: Provider?, in model: Model, tried: SigningSecret? = nil, isAgain: Bool = false
  ) -> Prompt {
    let isFirst = !model.keyring.secrets.contains { $0.label == provider?.name }
    let what = tried == nil ? "name of the secret" : "keep the secret as"
    var prompt = Prompt(
      "\(what) (\(provider?.name ?? "PROVIDER")/LABEL)",
      text: provider.map { isFirst && !isAgain ? $0.name : "\($0.name)/" } ?? ""
    ) { prompt, model in
      let label = prompt.editor.text
      guard let named = Self.provider(named: label, tried, of: model.setting.providers) else {
        prompt = .refused(tried, as: tried?.provider ?? provider, &model)
        return []
      }
      guard !model.keyring.secrets.contains(where: { $0.label == label }) else {
        model.notice = Notice(
          "There is a secret called \(label) already: give this one another label", .warning)
        return []
      }
      guard let tried else {
        prompt = .secretValue(label, named) { $1.add($0) }
        return []
      }
      model.panels.pop()
      return model.keepTried(tried.labelled(label))
    }
    prompt.hint = { provider == nil ? TextRun(" providers: \($0.setting.providers.fewNames)", .dim) : nil }
    return prompt
  }

  /// The provider that a label begins with; nil if the label is none for a secret of the tried one's provider.
  private static func provider(
    named label: String, _ tried: SigningSecret?, of providers: Providers
  ) -> Provider? {
    let parts = label.split(separator: "/", omittingEmptySubsequences: false)
    guard let provider = providers[parts[0]], parts.count <= 2,
      parts.count == 1 || SigningSecret.isLabel(parts[1]), tried.map({ $0.provider == provider }) ?? true
    else { return nil }
    return provider
  }

  /// The prompt again after a wrong name, without it: it may be the secret itself, pasted where it is seen.
  private static func refused(_ tried: SigningSecret?, as provider: Provider?, _ model: inout Model) -> Prompt
  {
    let example = provider.map { "\($0.name)/new" } ?? "PROVIDER/new, of \(model.setting.providers.fewNames)"
    let next = tried == nil ? "; the secret is asked for next" : ""
    model.notice = Notice("First a name, as \(example): letters, digits, - _ and .\(next)", .warning)
    return .secretName(provider, in: model, tried: tried, isAgain: true)
  }

  /// Asks for a secret to try, and before that for its provider where that is not known.
  static func triedSecret(
    _ provider: Provider?, of providers: Providers,
    use: @escaping @Sendable (SigningSecret, inout Model) -> [Effect]
  ) -> Prompt {
    if let provider { return secretValue("\(provider.name)/tried", provider, use: use) }
    return Prompt("provider of the secret (\(providers.fewNames))") { prompt, model in
      let named = providers[prompt.editor.text]
      // What is no provider's name may be the secret itself, pasted where it is seen.
      prompt = .triedSecret(named, of: providers, use: use)
      if named == nil {
        model.notice = Notice(
          "First a provider: \(providers.fewNames); the secret is asked for next", .warning)
      }
      return []
    }
  }

  /// Asks for a secret, which is not shown and in no history.
  static func secretValue(
    _ label: String, _ provider: Provider,
    use: @escaping @Sendable (SigningSecret, inout Model) -> [Effect]
  ) -> Prompt {
    Prompt("secret \(label) (not shown)", isHidden: true) { prompt, model in
      model.panels.pop()
      do throws(SecretError) {
        return use(try SigningSecret(prompt.editor.text, label: label, provider: provider), &model)
      } catch {
        model.notice = Notice(error.description, .warning)
        return []
      }
    }
  }
}
