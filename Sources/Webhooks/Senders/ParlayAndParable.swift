// The senders that hooktop is documented with.
extension Provider {
  public static let parlay = Provider(
    "parlay", title: "Parlay", scheme: .timeAndBody(in: "X-Parlay-Signature")
  ) {
    $0.secretPrefix = "whsec_"
    $0.otherPrefixes = ["pk_", "sk_", "wh_"]
    $0.eventHeader = "X-Parlay-Event"
    $0.deliveryHeader = "X-Parlay-Delivery"
    $0.userAgentPrefix = "parlay-webhook/"
    $0.livemodePath = ["livemode"]
    $0.retrySchedule = [60, 300, 1500, 7200, 28800]
    $0.calls = [.test, .pause, .resume, .rotate, .resend]
    $0.events = [
      "analysis.completed", "analysis.failed", "persona.assigned", "methodology.assigned",
      "profile.synthesized", "playbook.draft.completed", "playbook.published", "insights.generated",
      "webhook.test",
    ]
    $0.documentedBodies = parlayData.map { event, data in
      DocumentedBody(event, #"{"id":0,"event":0,"livemode":0,"created_at":0,"data":\#(data)}"#)
    }
    $0.sampleVerifiers = documentedVerifiers
    $0.constantFields = [
      Headers.Field("Content-Type", "application/json"), Headers.Field("User-Agent", "parlay-webhook/1"),
    ]
  }

  public static let parable = Provider(
    "parable", title: "Parable", scheme: .timeAndBody(in: "x-parable-signature")
  ) {
    $0.secretPrefix = "whsec_"
    $0.otherPrefixes = ["pk_", "sk_", "wh_"]
    $0.eventHeader = "x-parable-event"
    $0.deliveryHeader = "x-parable-delivery"
    $0.eventIDPath = ["data", "id"]
    $0.deliveryIDPath = ["delivery_id"]
    $0.createdAtPath = ["emitted_at"]
    $0.startedAtPath = ["data", "started_at"]
    $0.deliveryIDNamesChain = true
    $0.answerDue = 10
    $0.retrySchedule = [60, 300, 900, 3600, 21600, 86400]
    $0.calls = [.refetch, .resend]
    $0.events = ["capture.processed"]
    $0.documentedBodies = [DocumentedBody(nil, #"{"event":0,"delivery_id":0,"emitted_at":0,"data":0}"#)]
    $0.sampleVerifiers = documentedVerifiers
    $0.constantFields = [Headers.Field("content-type", "application/json")]
  }

  /// Parlay and Parable sign alike, so that code made for the one is met in receivers of the other.
  private static let documentedVerifiers = ["parlay_ts", "parlay_py", "parable_ts"]

  /// The contents of `data` in Parlay's events; the example and the table of the documentation differ for one event.
  private static let parlayData: [(event: String?, data: String)] = [
    (
      "analysis.completed",
      """
      {"analysis_id":0,"org_id":0,"rep_id":0,"status":0,\
      "scores":{"clarity":0,"influence":0,"objection":0}}
      """
    ),
    ("analysis.completed", #"{"analysis_id":0,"org_id":0,"rep_id":0,"scores":0,"status":0}"#),
    ("analysis.failed", #"{"analysis_id":0,"org_id":0,"rep_id":0,"error":0}"#),
    ("persona.assigned", #"{"org_id":0,"rep_id":0,"job_id":0,"result":0}"#),
    ("methodology.assigned", #"{"org_id":0,"rep_id":0,"job_id":0,"result":0}"#),
    ("profile.synthesized", #"{"org_id":0,"rep_id":0,"job_id":0,"result":0}"#),
    (
      "playbook.draft.completed",
      """
      {"draft_id":0,"source_count":0,"gemini_input_tokens":0,\
      "gemini_output_tokens":0,"cost_usd_cents":0}
      """
    ),
    ("playbook.published", #"{"playbook_id":0,"draft_id":0,"version":0}"#),
    ("insights.generated", #"{"org_id":0,"snapshot_id":0}"#),
    ("webhook.test", #"{"note":0,"timestamp":0}"#),
    (nil, "0"),
  ]
}
