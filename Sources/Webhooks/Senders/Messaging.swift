// Senders around messages, calls and support.
extension Provider {
  public static let slack = Provider(
    "slack", title: "Slack",
    scheme: SignatureScheme(
      headers: ["X-Slack-Signature"], format: .entry("v0=", .hex), text: .versionTimeBody,
      time: .headers(["X-Slack-Request-Timestamp"]), window: 300, takesSeveral: false)
  ) {
    $0.otherPrefixes = ["xoxb-", "xoxp-", "xapp-"]
    $0.userAgentPrefix = "Slackbot 1.0"
    $0.eventPath = ["event", "type"]
    $0.eventIDPath = ["event_id"]
    $0.createdAtPath = ["event_time"]
    $0.challenges = [
      Challenge(
        "url_verification", at: ["type"], is: "url_verification", token: ["challenge"], answer: "$token")
    ]
    $0.hold([
      ProviderSample(
        "app_mention",
        #"{"type":"event_callback","event":{"type":"app_mention","user":"U061F7AUR","text":"hello"},"event_id":"Ev$id","event_time":$seconds}"#
      ),
      ProviderSample("url_verification", #"{"token":"$id","challenge":"$id","type":"url_verification"}"#),
      ProviderSample(
        "message",
        #"{"type":"event_callback","event":{"type":"message","channel":"C024BE91L",\#(ProviderSample.unusual)},"event_id":"Ev$id","event_time":$seconds}"#
      ),
    ])
  }

  public static let zoom = Provider(
    "zoom", title: "Zoom",
    scheme: SignatureScheme(
      headers: ["x-zm-signature"], format: .entry("v0=", .hex), text: .versionTimeBody,
      time: .headers(["x-zm-request-timestamp"]), window: 300, takesSeveral: false)
  ) {
    $0.eventIDPath = []
    $0.createdAtPath = ["event_ts"]
    $0.challenges = [
      Challenge(
        "endpoint.url_validation", at: ["event"], is: "endpoint.url_validation",
        token: ["payload", "plainToken"], answer: #"{"plainToken":"$token","encryptedToken":"$hmac"}"#)
    ]
    $0.hold([
      ProviderSample(
        "meeting.started",
        #"{"event":"meeting.started","payload":{"account_id":"$id","object":{"id":"1234567890"}},"event_ts":$milliseconds}"#
      ),
      ProviderSample(
        "endpoint.url_validation",
        #"{"event":"endpoint.url_validation","payload":{"plainToken":"$id"},"event_ts":$milliseconds}"#),
      ProviderSample(
        "meeting.ended",
        #"{"event":"meeting.ended","payload":{"account_id":"$id","object":{\#(ProviderSample.unusual)}},"event_ts":$milliseconds}"#
      ),
    ])
  }

  /// Its signatures are made with a private key.
  public static let discord = Provider(
    "discord", title: "Discord",
    scheme: SignatureScheme(
      .ed25519, headers: ["X-Signature-Ed25519"], format: .entry("", .hex), text: .timeBeforeBody,
      time: .headers(["X-Signature-Timestamp"]), takesSeveral: false)
  ) {
    $0.eventPath = ["event", "type"]
    $0.eventIDPath = []
    $0.createdAtPath = ["event", "timestamp"]
    // An interaction's type is 1 for this; a webhook's is 0, and 1 for an event.
    $0.challenges = [
      Challenge("PING", at: ["type"], is: "1", answer: #"{"type":1}"#),
      Challenge("PING", at: ["type"], is: "0"),
    ]
    $0.hold([
      ProviderSample(
        "APPLICATION_AUTHORIZED",
        #"{"version":1,"application_id":"1234560123453231555","type":1,"event":{"type":"APPLICATION_AUTHORIZED","timestamp":"$date"}}"#
      ),
      ProviderSample("PING", #"{"version":1,"application_id":"1234560123453231555","type":1}"#),
      ProviderSample(
        "ENTITLEMENT_CREATE",
        #"{"version":1,"application_id":"1234560123453231555","type":1,"event":{"type":"ENTITLEMENT_CREATE","timestamp":"$date","data":{\#(ProviderSample.unusual)}}}"#
      ),
    ])
  }

  /// Its signatures are made with a private key, and its bodies are lists of events.
  public static let sendGrid = Provider(
    "sendgrid", title: "SendGrid",
    scheme: SignatureScheme(
      .ecdsaP256, headers: ["X-Twilio-Email-Event-Webhook-Signature"], format: .entry("", .base64),
      text: .timeBeforeBody, time: .headers(["X-Twilio-Email-Event-Webhook-Timestamp"]), takesSeveral: false)
  ) {
    $0.eventPath = []
    $0.eventIDPath = []
    $0.createdAtPath = []
    $0.hold([
      ProviderSample(
        "delivered",
        #"[{"email":"a@example.test","timestamp":$seconds,"event":"delivered","sg_event_id":"$id"}]"#),
      ProviderSample(
        "open",
        #"[{"email":"a@example.test","timestamp":$seconds,"event":"open","sg_event_id":"$id",\#(ProviderSample.unusual)}]"#
      ),
    ])
  }

  public static let intercom = Provider(
    "intercom", title: "Intercom",
    scheme: .bodyAlone(in: "X-Hub-Signature", .entry("sha1=", .hex), digest: .sha1)
  ) {
    $0.eventPath = ["topic"]
    $0.hold([
      ProviderSample(
        "conversation.user.created",
        #"{"type":"notification_event","id":"notif_$id","topic":"conversation.user.created","created_at":$seconds,"data":{"item":{"type":"conversation"}}}"#
      ),
      ProviderSample(
        "contact.created",
        #"{"type":"notification_event","id":"notif_$id","topic":"contact.created","created_at":$seconds,"data":{\#(ProviderSample.unusual)}}"#
      ),
    ])
  }

  public static let zendesk = Provider(
    "zendesk", title: "Zendesk",
    scheme: SignatureScheme(
      headers: ["X-Zendesk-Webhook-Signature"], format: .entry("", .base64), text: .timeBeforeBody,
      time: .headers(["X-Zendesk-Webhook-Signature-Timestamp"]), timeUnit: .date, takesSeveral: false)
  ) {
    $0.eventPath = ["type"]
    $0.createdAtPath = ["time"]
    $0.hold([
      ProviderSample(
        "zen:event-type:ticket.created",
        #"{"type":"zen:event-type:ticket.created","id":"$id","time":"$date","detail":{"id":"35436"}}"#),
      ProviderSample(
        "zen:event-type:user.created",
        #"{"type":"zen:event-type:user.created","id":"$id","time":"$date","detail":{\#(ProviderSample.unusual)}}"#
      ),
    ])
  }
}
