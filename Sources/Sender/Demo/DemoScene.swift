internal import Webhooks

/// One delivery in the script of the demo, before it has ids, a time and a signature.
enum DemoScene: Sendable {
  /// A new event, sent well or with its signature broken.
  case new(SampleKind, SampleOptions, broken: Breakage?)
  /// The event of the last `new` or `again`, delivered once more.
  case again(broken: Breakage?)
  /// A post that carries no header of any provider, as a curious stranger sends it.
  case withoutProvider

  /// A new event with a good signature.
  static func good(_ kind: SampleKind, live: Bool = false, size: Int = 0, note: String? = nil) -> DemoScene {
    .new(kind, SampleOptions(livemode: live, minimumSize: size, note: note), broken: nil)
  }

  /// A new event with a broken signature, whose note says in what way.
  static func bad(_ kind: SampleKind, _ breakage: Breakage, live: Bool = false) -> DemoScene {
    let note = "\(breakage.name): \(breakage.sentence)"
    return .new(kind, SampleOptions(livemode: live, note: note), broken: breakage)
  }
}
