internal import Diagnosis
internal import Webhooks

/// What the demo sends first: everything that there is to see, so that the screen is never empty.
enum DemoScript {
  /// The least size of the one long transcript, in bytes.
  static let longTranscript = 200 * 1024

  /// Every way in which a signature goes wrong.
  static let breakages = Breakage.all + Breakage.staged

  /// The opening burst: good deliveries in the order they stand here, with the broken ones between them.
  static let burst: [DemoScene] = interleaved(everyEvent + repeats, broken)

  /// Deliveries that belong together, one after the other.
  private typealias Act = [DemoScene]

  /// Every event type once, live and test in turn.
  private static let everyEvent: [Act] = SampleCatalogue.kinds.enumerated().map { position, kind in
    [.good(kind, live: position.isMultiple(of: 2), note: kind.isDocumented ? nil : unknownNote)]
  }

  /// Events that are delivered more than once, and what else does not fit the usual shape.
  private static let repeats: [Act] = [
    [.withoutProvider],
    act("analysis.completed") { [.good($0), .again(broken: nil)] },
    act("capture.processed") { [.good($0, size: longTranscript, note: "a transcript of 200 KiB")] },
    act("capture.processed") { kind in
      [.good(kind, note: "the 2xx got lost, so it is sent again"), .again(broken: nil), .again(broken: nil)]
    },
    act("analysis.completed") { kind in
      let options = SampleOptions(livemode: true, note: "the wrong secret, until the third attempt")
      return [.new(kind, options, broken: mismatch), .again(broken: mismatch), .again(broken: nil)]
    },
    act("profile.synthesized") { [.good($0, live: true)] },
    act("capture.processed") { [.good($0)] },
  ]

  /// Each breakage once, for the providers in turn where either will do.
  private static let broken: [Act] = breakages.enumerated().map { position, breakage in
    let event = position.isMultiple(of: 2) ? "analysis.completed" : "capture.processed"
    return act(event) { DemoScene.act(breakage, $0, live: position.isMultiple(of: 4)) }
  }

  private static let unknownNote = "an event type that no documentation names"

  private static let mismatch = Breakage.named(Verdict.Reason.noV1Matches.rawValue)

  private static func act(_ event: String, _ scenes: (SampleKind) -> Act) -> Act {
    SampleCatalogue.kind(event).map(scenes) ?? []
  }

  /// Both lists, one act of each in turn, and then the rest of the longer one.
  private static func interleaved(_ first: [Act], _ second: [Act]) -> [DemoScene] {
    (0..<max(first.count, second.count)).flatMap { position in
      [first, second].flatMap { position < $0.count ? $0[position] : [] }
    }
  }
}
