internal import JSON

/// A body as it may have been before something on the way changed it, to be tried by hand.
public struct BodyVariant: Sendable, Equatable {
  private enum Change: Sendable, Equatable {
    case none
    case edge(EdgeChange)
    case spacing(Int)
    case charset(CharsetDamage)
  }

  private let change: Change

  /// Every variant, the body as received first.
  public static let all: [BodyVariant] =
    [BodyVariant(change: .none)]
    + EdgeChange.allCases.map { BodyVariant(change: .edge($0)) }
    + JSONSpacing.all.indices.map { BodyVariant(change: .spacing($0)) }
    + CharsetDamage.allCases.map { BodyVariant(change: .charset($0)) }

  public static let asReceived = all[0]

  /// The variant `steps` further in `all`, around its ends, counting only those that `body` can have been.
  ///
  /// Takes as long as `body` is large, since each variant on the way is worked out, once.
  public func moved(by steps: Int, for body: [UInt8]) -> BodyVariant {
    let count = Self.all.count
    var index = Self.all.firstIndex(of: self) ?? 0
    var fitting: [Int: Bool] = [:]
    func fits(_ index: Int) -> Bool {
      let fits = fitting[index] ?? (Self.all[index].applied(to: body) != nil)
      fitting[index] = fits
      return fits
    }
    for _ in 0..<abs(steps) {
      // The body as received always fits, so that this ends.
      repeat { index = (index + steps.signum() + count) % count } while !fits(index)
    }
    return Self.all[index]
  }

  /// What is supposed about the body, in a few words.
  public var title: String {
    switch change {
    case .none: "as received"
    case .edge(let change): "it \(change.words)"
    case .spacing(let index): "re-serialised from: \(JSONSpacing.all[index].name)"
    case .charset(let damage): "it \(damage.words)"
    }
  }

  /// The body that is supposed to have been signed; nil where the change can't have happened to `body`, or undoing it
  /// would take too much memory.
  public func applied(to body: [UInt8]) -> [UInt8]? {
    switch change {
    case .none: return body
    case .edge(let change): return change.undone(body)
    case .charset(let damage): return (try? damage.undone(body, limit: SearchMemory.byHand.candidate)) ?? nil
    case .spacing(let index):
      return Reserialisations.written(body, in: JSONStyle(spacing: JSONSpacing.all[index], order: .asSent))
    }
  }
}
