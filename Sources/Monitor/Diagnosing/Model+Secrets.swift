internal import DequeModule
internal import Screen
internal import Webhooks

extension Model {
  mutating func openSecrets() {
    open(.secrets(SecretsPanel()))
  }

  /// Asks for the name of a secret to be added.
  mutating func addSecret() {
    askForName(of: list.selection?.envelope.provider ?? .parlay, ofTried: false)
  }

  /// Asks for the name under which the tried secret is to be kept.
  mutating func nameTriedSecret() {
    if let secret = triedSecret { askForName(of: secret.provider, ofTried: true) }
  }

  private mutating func askForName(of provider: Provider, ofTried isTried: Bool) {
    let isFirst = !keyring.secrets.contains { $0.label == provider.name }
    let text = isFirst ? provider.name : "\(provider.name)/"
    open(.prompt(Prompt(.secretName(ofTried: isTried), text: text)))
  }

  /// Takes the name, and asks for the secret or keeps the tried one; a wrong name stays open, with the reason.
  mutating func acceptSecretName(_ prompt: Prompt, ofTried isTried: Bool) -> [Effect] {
    let label = prompt.editor.text
    let parts = label.split(separator: "/", omittingEmptySubsequences: false)
    let tried = isTried ? triedSecret : nil
    guard let provider = Provider.named(String(parts[0])), parts.count <= 2,
      parts.count == 1 || SigningSecret.isLabel(parts[1]), tried.map({ $0.provider == provider }) ?? true
    else {
      // It may be the secret itself, pasted where it is seen.
      let name = (tried?.provider ?? .parlay).name
      replaceTop(.prompt(Prompt(prompt.purpose, text: "\(name)/")))
      let next = isTried ? "" : "; the secret is asked for next"
      notice = Notice("First a name, as \(name)/new: letters, digits, - _ and .\(next)", .warning)
      return []
    }
    guard !keyring.secrets.contains(where: { $0.label == label }) else {
      notice = Notice("There is a secret called \(label) already: give this one another label", .warning)
      return []
    }
    if let tried {
      overlays.removeLast()
      return keep(tried.labelled(label))
    }
    replaceTop(.prompt(Prompt(.secretValue(label: label, provider, isTrial: false))))
    return []
  }

  /// Asks for a secret to try on the panel's delivery.
  mutating func pasteTriedSecret() {
    let provider = tried?.delivery.envelope.provider ?? .parlay
    open(.prompt(Prompt(.secretValue(label: "\(provider.name)/tried", provider, isTrial: true))))
  }

  /// Takes a secret, to be used from now on or to be tried.
  mutating func acceptSecret(
    _ prompt: Prompt, label: String, _ provider: Provider, isTrial: Bool
  ) -> [Effect] {
    overlays.removeLast()
    do throws(SecretError) {
      let secret = try SigningSecret(prompt.editor.text, label: label, provider: provider)
      notice = secret.warnings.first.map { Notice($0.sentence(label: label), .warning) }
      if isTrial { return changeTrial { $0.trial.secret = secret } }
      let effects = use(Keyring(keyring.secrets + [secret]))
      let used = "\(label) (\(secret.fingerprint)) \(setting.source.useOfSecret)"
      notice = notice.map { Notice("\(used), but \($0.text)", .warning) } ?? Notice(used, .success)
      return effects
    } catch {
      notice = Notice(error.description, .warning)
      return []
    }
  }

  /// Retires the secret under the cursor, or takes it back into use.
  mutating func toggleRetired() -> [Effect] {
    guard case .secrets(let panel)? = overlays.last, panel.cursor < keyring.secrets.count else { return [] }
    var changed = keyring
    let secret = keyring.secrets[panel.cursor]
    changed.secrets[panel.cursor].retiredAt = secret.retiredAt == nil ? now : nil
    notice =
      secret.retiredAt == nil
      ? Notice("\(secret.label) is retired: it verifies nothing any more; r takes it back", .warning)
      : Notice("\(secret.label) is used again", .success)
    return use(changed)
  }

  /// Uses changed secrets; what was found out with the old ones is found out anew.
  mutating func use(_ keyring: Keyring) -> [Effect] {
    self.keyring = keyring
    diagnoses = DiagnosisLog()
    generation += 1
    inspection = nil
    return [.use(keyring)]
  }
}
