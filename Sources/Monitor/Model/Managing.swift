internal import Screen
public import Webhooks

/// The providers' own APIs, as far as they can be called.
public struct APIs: Sendable {
  /// Why a provider's API can't be called, in a sentence; nil if it can.
  public var fault: @Sendable (Provider) -> String?
  /// Whether it is hooktop's sandbox, which has calls that the documentation has not.
  public var isSandbox: @Sendable (Provider) -> Bool

  public init(
    fault: @escaping @Sendable (Provider) -> String? = { "No API of \($0.title) is known" },
    isSandbox: @escaping @Sendable (Provider) -> Bool = { _ in false }
  ) {
    self.fault = fault
    self.isSandbox = isSandbox
  }
}

/// A call of a provider's API that the user has ordered.
public struct ProviderOrder: Sendable {
  /// Which of the orders of this run it is.
  public let number: Int
  public let call: ProviderCall
  public let provider: Provider
  /// The id of the webhook; empty if the call is about none.
  public let webhook: String
  /// The delivery that it was ordered on; nil if it was on none.
  public let delivery: Delivery?
}

/// How far a call of a provider's API has come.
public enum ProviderStep: Sendable {
  /// It is tried again, for a reason that is said in these words.
  case retrying(String)
  case done(String)
  case failed(String)
  /// The current state of what was pushed, as JSON.
  case fetched([UInt8])

  /// Whether nothing comes after it.
  var isLast: Bool { if case .retrying = self { false } else { true } }
}

extension Model {
  /// Why no provider can be called at all; nil if there is one to open the menu of.
  var reasonForNoProvider: String? {
    if let reason = reasonForReadOnly { return reason }
    guard managed.isEmpty else { return nil }
    guard list.selection == nil else { return "The provider of this delivery is not known" }
    return setting.providers.all.first { !$0.calls.isEmpty }.flatMap(setting.apis.fault)
      ?? "No provider's API is known"
  }

  /// The providers that the menu can be about: that of the selected delivery, or without one all whose API is known,
  /// those first that can send a test event.
  private var managed: [Provider] {
    if let delivery = list.selection { return [delivery.envelope.provider].compactMap { $0 } }
    let known = setting.providers.all.filter { !$0.calls.isEmpty && setting.apis.fault($0) == nil }
    return known.filter { $0.calls.contains(.test) } + known.filter { !$0.calls.contains(.test) }
  }

  /// Opens the menu of what a provider can be asked for.
  mutating func openProvider() {
    if let panel = ProviderPanel(list.selection, of: managed, in: self) { panels.push(panel) }
  }

  /// The id of the webhook that a provider is asked about, as far as the saved secrets or the user tell: that whose
  /// secret has signed the delivery, or the only one there is, or the one that was named last.
  func webhook(of provider: Provider, for delivery: Delivery?) -> String? {
    let secrets = keyring.secrets.filter { $0.provider == provider }
    let signer = delivery?.verdict.secret.flatMap { label in
      secrets.first { label.elementsEqual($0.label.utf8) }
    }
    // The same secret may have been given under another name as well.
    let own = signer.flatMap { signer in
      secrets.first { $0.isSame(as: signer) && $0.webhook != nil }?.webhook
    }
    let known = Set(secrets.compactMap(\.webhook))
    return own ?? (known.count == 1 ? known.first : nil) ?? webhookID[provider]
  }

  /// Shows what was pushed beside what it is now.
  mutating func takeFetched(_ document: [UInt8], of number: Int) -> [Effect] {
    guard let panel = panels.last(ProviderPanel.self)?.panel, panel.errand == number,
      let delivery = panel.delivery
    else { return [] }
    guard presentation?.hides != true else {
      notice = Notice("Not shown in a presentation: the document has its values at other paths", .warning)
      return []
    }
    lastComparison += 1
    let comparison = ComparePanel(delivery, now: document, number: lastComparison)
    panels.push(comparison)
    return comparison.compare(in: self)
  }
}
