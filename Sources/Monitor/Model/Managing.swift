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
  /// The delivery that it was ordered on.
  public let delivery: Delivery
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
  /// Why the provider of the selected delivery can't be called at all; nil if its menu can be opened.
  var reasonForNoProvider: String? {
    if let reason = reasonForNoSelection ?? reasonForReadOnly { return reason }
    return list.selection?.envelope.provider == nil ? "The provider of this delivery is not known" : nil
  }

  /// The id of the webhook that a delivery comes from, as far as the saved secrets tell: that whose secret has signed
  /// it, or the only one there is.
  func webhook(of delivery: Delivery) -> String? {
    let secrets = keyring.secrets.filter { $0.provider == delivery.envelope.provider }
    let signer = delivery.verdict.secret.flatMap { label in
      secrets.first { label.elementsEqual($0.label.utf8) }
    }
    // The same secret may have been given under another name as well.
    let own = signer.flatMap { signer in
      secrets.first { $0.isSame(as: signer) && $0.webhook != nil }?.webhook
    }
    let known = Set(secrets.compactMap(\.webhook))
    return own ?? (known.count == 1 ? known.first : nil)
  }

  /// Shows what was pushed beside what it is now.
  mutating func takeFetched(_ document: [UInt8], of number: Int) -> [Effect] {
    guard let panel = panels.last(ProviderPanel.self)?.panel, panel.errand == number else { return [] }
    lastComparison += 1
    let comparison = ComparePanel(panel.delivery, now: document, number: lastComparison)
    panels.push(comparison)
    return comparison.compare(in: self)
  }
}
