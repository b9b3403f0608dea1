// Senders that sign as the specification of Standard Webhooks has it.
extension Provider {
  public static let standardWebhooks = Provider(
    "standard-webhooks", title: "Standard Webhooks", scheme: .standardWebhooks(under: ["webhook"])
  ) {
    $0.deliveryHeader = "webhook-id"
    $0.eventIDHeader = "webhook-id"
    $0.describeStandardWebhook()
  }

  /// Its libraries take both families of headers, and prefer their own.
  public static let svix = Provider(
    "svix", title: "Svix", scheme: .standardWebhooks(under: ["svix", "webhook"])
  ) {
    $0.secretVariables = ["SVIX_WEBHOOK_SECRET"]
    $0.userAgentPrefix = "Svix-Webhooks/"
    $0.deliveryHeader = "svix-id"
    $0.eventIDHeader = "svix-id"
    $0.describeStandardWebhook()
  }
}

extension SignatureScheme {
  fileprivate static func standardWebhooks(under families: [String]) -> SignatureScheme {
    SignatureScheme(
      headers: families.map { "\($0)-signature" }, format: .entry("v1,", .base64, separator: " "),
      text: .idTimeBody, keyForm: .base64(after: "whsec_"),
      time: .headers(families.map { "\($0)-timestamp" }), window: 300, idHeaders: families.map { "\($0)-id" })
  }
}

extension Provider.Facts {
  fileprivate mutating func describeStandardWebhook() {
    secretPrefix = "whsec_"
    otherPrefixes = ["whpk_", "whsk_"]
    eventPath = ["type"]
    eventIDPath = []
    createdAtPath = ["timestamp"]
    deliveryIDNamesChain = true
    hold([
      ProviderSample(
        "contact.created",
        #"{"type":"contact.created","timestamp":"$date","data":{"id":"$id","first_name":"John"}}"#),
      ProviderSample(
        "contact.updated",
        #"{"type":"contact.updated","timestamp":"$date","data":{"id":"$id",\#(ProviderSample.unusual)}}"#
      ),
      ProviderSample(
        "user.deleted", #"{"type":"user.deleted","timestamp":"$date","data":{"id":"user_$id"}}"#),
    ])
  }
}
