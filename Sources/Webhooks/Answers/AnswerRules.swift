internal import Synchronization

/// The rules in force, each used as often as it says: asked by the receiver's threads, changed by the user.
public final class AnswerRules: Sendable {
  /// A rule, and how often it will still be used.
  public struct Armed: Sendable, Equatable {
    public let rule: AnswerRule
    /// nil: for all that come.
    public var left: Int?
  }

  private let rules: Mutex<[Armed]>

  public init(_ rules: [AnswerRule] = []) {
    self.rules = Mutex(rules.map { Armed(rule: $0, left: $0.count) })
  }

  /// Those that are not used up, in the order in which they are asked.
  public var armed: [Armed] { rules.withLock { $0 } }

  public func arm(_ rule: AnswerRule) {
    rules.withLock { $0.append(Armed(rule: rule, left: rule.count)) }
  }

  /// Puts rules in the place of others, whose uses are forgotten; those that are the same in both stay as they are.
  public func replace(_ old: [AnswerRule], by new: [AnswerRule]) {
    rules.withLock { rules in
      rules.removeAll { old.contains($0.rule) && !new.contains($0.rule) }
      rules += new.filter { !old.contains($0) }.map { Armed(rule: $0, left: $0.count) }
    }
  }

  public func disarmAll() {
    rules.withLock { $0 = [] }
  }

  /// Returns the first rule that applies to a delivery, and counts one use of it; nil if none applies.
  public func take(for delivery: Delivery) -> AnswerRule? {
    rules.withLock { rules in
      guard let place = rules.firstIndex(where: { $0.rule.applies(to: delivery) }) else {
        return nil
      }
      let rule = rules[place].rule
      if let left = rules[place].left {
        if left > 1 { rules[place].left = left - 1 } else { rules.remove(at: place) }
      }
      return rule
    }
  }
}
