public import Webhooks

/// The events that hooktop can make up: every documented one, and one that no documentation names.
public enum SampleCatalogue {
  /// One row for each event type, in the order of the documentation.
  public static let kinds: [SampleKind] =
    parlay.map { event, data in
      SampleKind(provider: .parlay, event: event) { ParlayPayload.envelope(&$0, data: data) }
    } + [
      SampleKind(provider: .parable, event: "capture.processed") { TranscriptPayload.envelope(&$0) }
    ]

  private static let parlay: [(String, @Sendable (inout SampleDraft) -> SampleJSON)] = [
    ("analysis.completed", ParlayPayload.analysisCompleted),
    ("analysis.failed", ParlayPayload.analysisFailed),
    ("persona.assigned", ParlayPayload.personaAssigned),
    ("methodology.assigned", ParlayPayload.methodologyAssigned),
    ("profile.synthesized", ParlayPayload.profileSynthesized),
    ("playbook.draft.completed", ParlayPayload.playbookDraftCompleted),
    ("playbook.published", ParlayPayload.playbookPublished),
    ("insights.generated", ParlayPayload.insightsGenerated),
    ("webhook.test", ParlayPayload.webhookTest),
    ("analysis.transcribed", ParlayPayload.analysisTranscribed),
  ]

  /// The row for `event`; nil for an event type that there is no sample of.
  public static func kind(_ event: String) -> SampleKind? {
    kinds.first { $0.event == event }
  }

  /// The rows of `provider`.
  public static func kinds(of provider: Provider) -> [SampleKind] {
    kinds.filter { $0.provider == provider }
  }
}
