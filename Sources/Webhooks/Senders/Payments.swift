// Senders around payments and shops.
extension Provider {
  public static let stripe = Provider(
    "stripe", title: "Stripe",
    scheme: SignatureScheme(
      headers: ["Stripe-Signature"], format: .timeAndHex, text: .timeAndBody, window: 300,
      refusesFuture: false)
  ) {
    $0.secretPrefix = "whsec_"
    $0.otherPrefixes = ["sk_", "pk_", "rk_", "we_"]
    $0.secretVariables = ["STRIPE_WEBHOOK_SECRET"]
    $0.userAgentPrefix = "Stripe/"
    $0.eventPath = ["type"]
    $0.createdAtPath = ["created"]
    $0.livemodePath = ["livemode"]
    $0.hold([
      ProviderSample(
        "payment_intent.succeeded",
        #"{"id":"evt_$id","object":"event","created":$seconds,"data":{"object":{"id":"pi_$id","amount":2000,"currency":"eur"}},"livemode":$live,"type":"payment_intent.succeeded"}"#
      ),
      ProviderSample(
        "customer.updated",
        #"{"id":"evt_$id","object":"event","created":$seconds,"data":{"object":{"id":"cus_$id",\#(ProviderSample.unusual)}},"livemode":$live,"type":"customer.updated"}"#
      ),
      ProviderSample(
        "invoice.paid",
        #"{"id":"evt_$id","object":"event","created":$seconds,"data":{"object":{"id":"in_$id","total":4200}},"livemode":$live,"type":"invoice.paid"}"#
      ),
    ])
  }

  public static let paddle = Provider(
    "paddle", title: "Paddle",
    scheme: SignatureScheme(
      headers: ["Paddle-Signature"], format: .timed("ts", "h1", gap: ";"), text: .timeColonBody, window: 5,
      refusesFuture: false)
  ) {
    $0.eventPath = ["event_type"]
    $0.eventIDPath = ["event_id"]
    $0.deliveryIDPath = ["notification_id"]
    $0.createdAtPath = ["occurred_at"]
    $0.answerDue = 5
    $0.hold([
      ProviderSample(
        "transaction.completed",
        #"{"event_id":"evt_$id","event_type":"transaction.completed","occurred_at":"$date","notification_id":"ntf_$id","data":{"id":"txn_$id","status":"completed"}}"#
      ),
      ProviderSample(
        "customer.updated",
        #"{"event_id":"evt_$id","event_type":"customer.updated","occurred_at":"$date","notification_id":"ntf_$id","data":{"id":"ctm_$id",\#(ProviderSample.unusual)}}"#
      ),
    ])
  }

  public static let square = Provider(
    "square", title: "Square",
    scheme: SignatureScheme(
      headers: ["x-square-hmacsha256-signature"], format: .entry("", .base64), text: .urlAndBody,
      takesSeveral: false)
  ) {
    $0.eventPath = ["type"]
    $0.eventIDPath = ["event_id"]
    $0.hold([
      ProviderSample(
        "payment.updated",
        #"{"merchant_id":"ML$id","type":"payment.updated","event_id":"$id","created_at":"$date","data":{"type":"payment","id":"P$id"}}"#
      ),
      ProviderSample(
        "customer.created",
        #"{"merchant_id":"ML$id","type":"customer.created","event_id":"$id","created_at":"$date","data":{"type":"customer",\#(ProviderSample.unusual)}}"#
      ),
    ])
  }

  public static let lemonSqueezy = Provider(
    "lemon-squeezy", title: "Lemon Squeezy", scheme: .bodyAlone(in: "X-Signature", .entry("", .hex))
  ) {
    $0.eventHeader = "X-Event-Name"
    $0.eventPath = ["meta", "event_name"]
    $0.eventIDPath = []
    $0.createdAtPath = []
    $0.hold([
      ProviderSample(
        "order_created",
        #"{"meta":{"event_name":"order_created"},"data":{"type":"orders","id":"1","attributes":{"total":1999}}}"#
      ),
      ProviderSample(
        "subscription_updated",
        #"{"meta":{"event_name":"subscription_updated"},"data":{"type":"subscriptions","id":"$id",\#(ProviderSample.unusual)}}"#
      ),
    ])
  }

  public static let razorpay = Provider(
    "razorpay", title: "Razorpay", scheme: .bodyAlone(in: "X-Razorpay-Signature", .entry("", .hex))
  ) {
    $0.deliveryHeader = "x-razorpay-event-id"
    $0.eventIDHeader = "x-razorpay-event-id"
    $0.eventIDPath = []
    $0.hold([
      ProviderSample(
        "payment.captured",
        #"{"entity":"event","event":"payment.captured","payload":{"payment":{"entity":{"id":"pay_$id","amount":500}}},"created_at":$seconds}"#
      ),
      ProviderSample(
        "order.paid",
        #"{"entity":"event","event":"order.paid","payload":{"order":{\#(ProviderSample.unusual)}},"created_at":$seconds}"#
      ),
    ])
  }

  public static let shopify = Provider(
    "shopify", title: "Shopify", scheme: .bodyAlone(in: "X-Shopify-Hmac-SHA256", .entry("", .base64))
  ) {
    $0.eventHeader = "X-Shopify-Topic"
    $0.eventPath = []
    $0.eventIDPath = []
    $0.createdAtPath = ["created_at"]
    $0.hold([
      ProviderSample(
        "orders/create",
        #"{"id":820982911946154508,"created_at":"$date","total_price":"403.00","currency":"USD"}"#),
      ProviderSample(
        "products/update",
        #"{"id":788032119674292922,"created_at":"$date","title":"$id",\#(ProviderSample.unusual)}"#),
    ])
  }
}
