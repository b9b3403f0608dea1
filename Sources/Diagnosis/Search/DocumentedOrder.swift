internal import JSON
internal import Webhooks

/// The order of keys in which a provider's documentation shows its bodies.
enum DocumentedOrder {
  /// The documented orders for an event of `provider`, the likeliest first.
  static func templates(provider: Provider?, event: ByteString?) -> [JSONKeyTemplate] {
    let event = event.flatMap { event in provider?.events.first { $0.utf8.elementsEqual(event) } }
    return switch provider {
    case .parlay: parlay(event).compactMap { JSONKeyTemplate(Array(around($0).utf8)) }
    case .parable: JSONKeyTemplate(Array(parable.utf8)).map { [$0] } ?? []
    default: []
    }
  }

  private static let parable = #"{"event":0,"delivery_id":0,"emitted_at":0,"data":0}"#

  private static func around(_ data: String) -> String {
    #"{"id":0,"event":0,"livemode":0,"created_at":0,"data":"# + data + "}"
  }

  /// The contents of `data`; the example and the table of the documentation differ for one event.
  private static func parlay(_ event: String?) -> [String] {
    switch event {
    case "analysis.completed":
      [
        """
        {"analysis_id":0,"org_id":0,"rep_id":0,"status":0,\
        "scores":{"clarity":0,"influence":0,"objection":0}}
        """,
        #"{"analysis_id":0,"org_id":0,"rep_id":0,"scores":0,"status":0}"#,
      ]
    case "analysis.failed": [#"{"analysis_id":0,"org_id":0,"rep_id":0,"error":0}"#]
    case "persona.assigned", "methodology.assigned", "profile.synthesized":
      [#"{"org_id":0,"rep_id":0,"job_id":0,"result":0}"#]
    case "playbook.draft.completed":
      [
        """
        {"draft_id":0,"source_count":0,"gemini_input_tokens":0,\
        "gemini_output_tokens":0,"cost_usd_cents":0}
        """
      ]
    case "playbook.published": [#"{"playbook_id":0,"draft_id":0,"version":0}"#]
    case "insights.generated": [#"{"org_id":0,"snapshot_id":0}"#]
    case "webhook.test": [#"{"note":0,"timestamp":0}"#]
    default: ["0"]
    }
  }
}
