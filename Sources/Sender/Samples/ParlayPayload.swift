internal import Webhooks

/// The payloads of Parlay's events, in the shapes and the order of keys that its documentation shows.
enum ParlayPayload {
  static func envelope(
    _ draft: inout SampleDraft, data: @Sendable (inout SampleDraft) -> SampleJSON
  ) -> SampleJSON {
    [
      "id": .string(draft.eventID),
      "event": .string(draft.event),
      "livemode": .bool(draft.options.livemode),
      "created_at": .string(draft.now.withMicrosecondsAndOffset),
      "data": draft.noted(data(&draft)),
    ]
  }

  static func analysisCompleted(_ draft: inout SampleDraft) -> SampleJSON {
    [
      "analysis_id": draft.uuid(), "org_id": draft.organisation(), "rep_id": draft.rep(),
      "status": "completed",
      "scores": [
        "clarity": draft.random.number(58...99), "influence": draft.random.number(51...98),
        "objection": draft.random.number(44...97),
      ],
    ]
  }

  static func analysisFailed(_ draft: inout SampleDraft) -> SampleJSON {
    [
      "analysis_id": draft.uuid(), "org_id": draft.organisation(), "rep_id": draft.rep(),
      "error": .string(draft.random.word(SampleWords.analysisErrors)),
    ]
  }

  static func analysisTranscribed(_ draft: inout SampleDraft) -> SampleJSON {
    [
      "analysis_id": draft.uuid(), "org_id": draft.organisation(), "rep_id": draft.rep(),
      "language": .string(draft.random.word(["en", "fr", "ja", "de"])),
      "duration_seconds": draft.random.number(240...3900),
    ]
  }

  static func webhookTest(_ draft: inout SampleDraft) -> SampleJSON {
    ["note": "test", "timestamp": .string(draft.now.withMicrosecondsAndOffset)]
  }

  static func insightsGenerated(_ draft: inout SampleDraft) -> SampleJSON {
    ["org_id": draft.organisation(), "snapshot_id": draft.id("snap_")]
  }
}

extension ParlayPayload {
  static func personaAssigned(_ draft: inout SampleDraft) -> SampleJSON {
    job(
      &draft,
      result: [
        "persona": .string(draft.random.word(SampleWords.personas)),
        "confidence": draft.fraction(),
        "traits": draft.some(SampleWords.traits),
        "evidence": ["calls": draft.random.number(3...24), "minutes": draft.random.number(90...900)],
      ])
  }

  static func methodologyAssigned(_ draft: inout SampleDraft) -> SampleJSON {
    job(
      &draft,
      result: [
        "methodology": .string(draft.random.word(SampleWords.methodologies)),
        "confidence": draft.fraction(),
        "stages": [
          "discovery": draft.random.number(40...99), "qualification": draft.random.number(40...99),
          "close": draft.random.number(40...99),
        ],
      ])
  }

  static func profileSynthesized(_ draft: inout SampleDraft) -> SampleJSON {
    job(
      &draft,
      result: [
        "summary": .string(draft.random.word(SampleWords.summaries)),
        "strengths": draft.some(SampleWords.traits),
        "growth_areas": draft.some(SampleWords.growthAreas),
        "sources": draft.random.number(4...60),
      ])
  }

  /// A result has no fixed shape, so it holds what a vendor's ASCII test events leave out, and what therefore breaks
  /// in production first: numbers that JavaScript prints otherwise, an empty object, and text that printers escape.
  private static func job(_ draft: inout SampleDraft, result: SampleJSON) -> SampleJSON {
    let whole =
      result
      .setting("weight", to: .number("1.0"))
      .setting("recording_id", to: draft.beyondDouble())
      .setting("labels", to: .object([]))
      .setting("remark", to: .string(draft.random.word(SampleWords.remarks)))
    return [
      "org_id": draft.organisation(), "rep_id": draft.rep(), "job_id": draft.id("job_"), "result": whole,
    ]
  }
}

extension ParlayPayload {
  static func playbookDraftCompleted(_ draft: inout SampleDraft) -> SampleJSON {
    [
      "draft_id": draft.id("draft_"), "source_count": draft.random.number(3...40),
      "gemini_input_tokens": draft.random.number(18_000...640_000),
      "gemini_output_tokens": draft.random.number(1_200...14_000),
      "cost_usd_cents": draft.random.number(4...190),
    ]
  }

  static func playbookPublished(_ draft: inout SampleDraft) -> SampleJSON {
    [
      "playbook_id": draft.id("pb_"), "draft_id": draft.id("draft_"),
      "version": draft.random.number(1...12),
    ]
  }
}

extension SampleDraft {
  fileprivate mutating func organisation() -> SampleJSON { .string(random.word(SampleWords.organisations)) }

  fileprivate mutating func rep() -> SampleJSON { .string(random.word(SampleWords.reps)) }

  /// A share from 0.51 to 0.99.
  fileprivate mutating func fraction() -> SampleJSON {
    .number("0.\(Int.random(in: 51...99, using: &random))")
  }

  /// A number of 17 digits, odd, which no Double holds exactly.
  fileprivate mutating func beyondDouble() -> SampleJSON {
    .number(String(2 * Int.random(in: 5_000_000_000_000_000..<50_000_000_000_000_000, using: &random) + 1))
  }

  /// Two or three of `words`.
  fileprivate mutating func some(_ words: [String]) -> SampleJSON {
    let count = Int.random(in: 2...3, using: &random)
    return .array(words.shuffled(using: &random).prefix(count).map { .string($0) })
  }
}
