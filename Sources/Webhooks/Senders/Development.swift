// Senders that developers build, deploy and plan with.
extension Provider {
  public static let gitHub = Provider(
    "github", title: "GitHub", scheme: .bodyAlone(in: "X-Hub-Signature-256", .entry("sha256=", .hex))
  ) {
    $0.secretVariables = ["GITHUB_WEBHOOK_SECRET"]
    $0.otherPrefixes = ["ghp_", "gho_", "github_pat_"]
    $0.eventHeader = "X-GitHub-Event"
    $0.deliveryHeader = "X-GitHub-Delivery"
    $0.eventIDHeader = "X-GitHub-Delivery"
    $0.deliveryIDNamesChain = true
    $0.userAgentPrefix = "GitHub-Hookshot/"
    $0.eventPath = []
    $0.eventIDPath = []
    $0.createdAtPath = []
    $0.hold([
      ProviderSample(
        "ping", #"{"zen":"Keep it logically awesome.","hook_id":1,"hook":{"type":"Repository"}}"#),
      ProviderSample(
        "push",
        #"{"ref":"refs/heads/main","before":"0000","after":"$id","commits":[],"pusher":{"name":"octo"},\#(ProviderSample.unusual)}"#
      ),
      ProviderSample(
        "issues", #"{"action":"opened","issue":{"number":7,"title":"It fails"},"sender":{"login":"octo"}}"#),
    ])
  }

  public static let gitLab = Provider(
    "gitlab", title: "GitLab",
    scheme: SignatureScheme(
      .token, headers: ["X-Gitlab-Token"], format: .entry("", .token), text: .body, takesSeveral: false)
  ) {
    $0.otherPrefixes = ["glpat-"]
    $0.eventHeader = "X-Gitlab-Event"
    $0.deliveryHeader = "X-Gitlab-Event-UUID"
    $0.eventIDHeader = "X-Gitlab-Event-UUID"
    $0.userAgentPrefix = "GitLab/"
    $0.eventPath = []
    $0.eventIDPath = []
    $0.createdAtPath = []
    $0.hold([
      ProviderSample("Push Hook", #"{"object_kind":"push","ref":"refs/heads/main","checkout_sha":"$id"}"#),
      ProviderSample(
        "Issue Hook",
        #"{"object_kind":"issue","object_attributes":{"iid":23,"title":"$id",\#(ProviderSample.unusual)}}"#),
    ])
  }

  public static let linear = Provider(
    "linear", title: "Linear",
    scheme: SignatureScheme(
      headers: ["Linear-Signature"], format: .entry("", .hex), text: .body, time: .body(["webhookTimestamp"]),
      timeUnit: .milliseconds, window: 60, takesSeveral: false)
  ) {
    $0.eventHeader = "Linear-Event"
    $0.deliveryHeader = "Linear-Delivery"
    $0.eventPath = ["type"]
    $0.eventIDPath = []
    $0.createdAtPath = ["createdAt"]
    $0.hold([
      ProviderSample(
        "Issue",
        #"{"action":"create","type":"Issue","createdAt":"$date","data":{"id":"$id","title":"It fails"},"webhookTimestamp":$milliseconds}"#
      ),
      ProviderSample(
        "Comment",
        #"{"action":"update","type":"Comment","createdAt":"$date","data":{"id":"$id",\#(ProviderSample.unusual)},"webhookTimestamp":$milliseconds}"#
      ),
    ])
  }

  public static let sentry = Provider(
    "sentry", title: "Sentry", scheme: .bodyAlone(in: "Sentry-Hook-Signature", .entry("", .hex))
  ) {
    $0.eventHeader = "Sentry-Hook-Resource"
    $0.deliveryHeader = "Request-ID"
    $0.eventPath = []
    $0.eventIDPath = []
    $0.createdAtPath = []
    $0.hold([
      ProviderSample("issue", #"{"action":"created","data":{"issue":{"id":"$id","title":"TypeError"}}}"#),
      ProviderSample(
        "event_alert",
        #"{"action":"triggered","data":{"event":{"event_id":"$id",\#(ProviderSample.unusual)}}}"#),
    ])
  }

  public static let vercel = Provider(
    "vercel", title: "Vercel",
    scheme: .bodyAlone(in: "x-vercel-signature", .entry("", .hex), digest: .sha1)
  ) {
    $0.eventPath = ["type"]
    $0.createdAtPath = ["createdAt"]
    $0.hold([
      ProviderSample(
        "deployment.created",
        #"{"id":"$id","type":"deployment.created","createdAt":$milliseconds,"payload":{"deployment":{"id":"dpl_$id"}}}"#
      ),
      ProviderSample(
        "deployment.succeeded",
        #"{"id":"$id","type":"deployment.succeeded","createdAt":$milliseconds,"payload":{\#(ProviderSample.unusual)}}"#
      ),
    ])
  }

  public static let workOS = Provider(
    "workos", title: "WorkOS",
    scheme: SignatureScheme(
      headers: ["WorkOS-Signature"], format: .timed("t", "v1", gap: ", "), text: .timeAndBody,
      timeUnit: .milliseconds, window: 180, refusesFuture: false, takesSeveral: false)
  ) {
    $0.hold([
      ProviderSample(
        "dsync.user.created",
        #"{"id":"wh_$id","event":"dsync.user.created","data":{"id":"directory_user_$id"},"created_at":"$date"}"#
      ),
      ProviderSample(
        "connection.activated",
        #"{"id":"wh_$id","event":"connection.activated","data":{\#(ProviderSample.unusual)},"created_at":"$date"}"#
      ),
    ])
  }
}
