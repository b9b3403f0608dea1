internal import Diagnosis
internal import Webhooks

/// One delivery in the script of the demo, before it has ids, a time and a signature.
enum DemoScene: Sendable {
  /// A new event, sent well or with its signature broken.
  case new(SampleKind, SampleOptions, broken: Breakage?)
  /// The event of the last `new` or `again`, delivered once more.
  case again(broken: Breakage?)
  /// The last request once more, byte by byte.
  case replay
  /// A post that carries no header of any provider, as a curious stranger sends it.
  case withoutProvider

  /// A new event with a good signature.
  static func good(_ kind: SampleKind, live: Bool = false, size: Int = 0, note: String? = nil) -> DemoScene {
    .new(kind, SampleOptions(livemode: live, minimumSize: size, note: note), broken: nil)
  }

  /// A new event with a broken signature, whose note says in what way.
  static func bad(_ kind: SampleKind, _ breakage: Breakage, live: Bool = false) -> DemoScene {
    .new(kind, SampleOptions(livemode: live, note: breakage.note), broken: breakage)
  }

  /// All that shows `breakage`, the broken delivery last; of `kind` where its provider has the means.
  static func act(_ breakage: Breakage, _ kind: SampleKind, live: Bool = false) -> [DemoScene] {
    let isFitting = breakage.provider == nil || breakage.provider == kind.provider
    let due = isFitting ? nil : breakage.provider.flatMap { SampleCatalogue.kinds(of: $0).first }
    let kind = due ?? kind
    switch breakage.prelude {
    case .none: return [bad(kind, breakage, live: live)]
    case .original: return [good(kind, live: live, note: breakage.note), .again(broken: breakage)]
    case .itself: return [bad(kind, breakage, live: live), .replay]
    }
  }
}
