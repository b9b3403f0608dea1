// Senders around voices, calendars, forms and customers.
extension Provider {
  public static let elevenLabs = Provider(
    "elevenlabs", title: "ElevenLabs",
    scheme: SignatureScheme(
      headers: ["ElevenLabs-Signature"], format: .timed("t", "v0"), text: .timeAndBody, window: 1800,
      refusesFuture: false)
  ) {
    $0.eventPath = ["type"]
    $0.eventIDPath = []
    $0.createdAtPath = ["event_timestamp"]
    $0.hold([
      ProviderSample(
        "post_call_transcription",
        #"{"type":"post_call_transcription","event_timestamp":$seconds,"data":{"conversation_id":"conv_$id"}}"#
      ),
      ProviderSample(
        "post_call_audio",
        #"{"type":"post_call_audio","event_timestamp":$seconds,"data":{\#(ProviderSample.unusual)}}"#),
    ])
  }

  /// Its secret is an API key.
  public static let retell = Provider(
    "retell", title: "Retell",
    scheme: SignatureScheme(
      headers: ["X-Retell-Signature"], format: .timed("v", "d"), text: .bodyBeforeTime,
      timeUnit: .milliseconds,
      window: 300, takesSeveral: false)
  ) {
    $0.eventIDPath = []
    $0.createdAtPath = []
    $0.hold([
      ProviderSample(
        "call_started", #"{"event":"call_started","call":{"call_id":"$id","call_type":"web_call"}}"#),
      ProviderSample(
        "call_ended", #"{"event":"call_ended","call":{"call_id":"$id",\#(ProviderSample.unusual)}}"#),
    ])
  }

  public static let calendly = Provider(
    "calendly", title: "Calendly",
    scheme: SignatureScheme(
      headers: ["Calendly-Webhook-Signature"], format: .timeAndHex, text: .timeAndBody, window: 180,
      refusesFuture: false)
  ) {
    $0.eventIDPath = []
    $0.answerDue = 15
    $0.hold([
      ProviderSample(
        "invitee.created",
        #"{"created_at":"$date","event":"invitee.created","payload":{"email":"a@example.test"}}"#),
      ProviderSample(
        "invitee.canceled",
        #"{"created_at":"$date","event":"invitee.canceled","payload":{\#(ProviderSample.unusual)}}"#),
    ])
  }

  /// Version 3 of its signatures; its bodies are lists of events.
  public static let hubSpot = Provider(
    "hubspot", title: "HubSpot",
    scheme: SignatureScheme(
      headers: ["X-HubSpot-Signature-v3"], format: .entry("", .base64), text: .wholeRequest,
      time: .headers(["X-HubSpot-Request-Timestamp"]), timeUnit: .milliseconds, window: 300,
      refusesFuture: false, takesSeveral: false)
  ) {
    $0.eventPath = []
    $0.eventIDPath = []
    $0.createdAtPath = []
    $0.hold([
      ProviderSample(
        "contact.creation",
        #"[{"eventId":100,"subscriptionType":"contact.creation","occurredAt":$milliseconds,"objectId":123}]"#),
      ProviderSample(
        "contact.propertyChange",
        #"[{"eventId":101,"subscriptionType":"contact.propertyChange","occurredAt":$milliseconds,\#(ProviderSample.unusual)}]"#
      ),
    ])
  }

  public static let typeform = Provider(
    "typeform", title: "Typeform",
    scheme: .bodyAlone(in: "Typeform-Signature", .entry("sha256=", .base64))
  ) {
    $0.eventPath = ["event_type"]
    $0.eventIDPath = ["event_id"]
    $0.createdAtPath = ["form_response", "submitted_at"]
    $0.hold([
      ProviderSample(
        "form_response",
        #"{"event_id":"$id","event_type":"form_response","form_response":{"form_id":"lT4Z3j","submitted_at":"$date"}}"#
      ),
      ProviderSample(
        "form_response_partial",
        #"{"event_id":"$id","event_type":"form_response_partial","form_response":{"submitted_at":"$date",\#(ProviderSample.unusual)}}"#
      ),
    ])
  }
}

extension Provider.Facts {
  /// Takes samples, and their event types as the ones that are known.
  mutating func hold(_ samples: [ProviderSample]) {
    self.samples = samples
    events = samples.map(\.event)
  }
}
