import JSON
import Receiver
import Sender
import Testing
import Webhooks

@testable import Sandbox

/// What the API answers to each call, right and wrong.
struct CallTests {
  private static let good =
    #"{"url":"http://127.0.0.1:4747/hook","name":"production","enabled_events":["analysis.completed","webhook.test"]}"#

  @Test("a registration shows the secret, the time as documented, and what was registered")
  func register() throws {
    var bench = Bench()
    let made = bench.call("POST", "/v1/webhooks", Self.good)
    #expect(
      made.status == 201
        && made.fields.contains { $0.name == "Content-Type" && $0.value == "application/json" })
    let object = try #require(made.object)
    #expect(object["id"]?.string?.wholeMatch(of: #/wh_[A-Za-z0-9]{20}/#) != nil)
    #expect(object["signing_secret"]?.string?.wholeMatch(of: #/whsec_[A-Za-z0-9]{40}/#) != nil)
    #expect(object["created_at"]?.string == "2026-04-24T18:53:17.867123+00:00")
    #expect(object["url"]?.string == "http://127.0.0.1:4747/hook" && object["name"]?.string == "production")
    #expect(object["enabled_events"]?.elements?.map(\.string) == ["analysis.completed", "webhook.test"])
  }

  @Test("the secret is shown once: by no call but the registration and a rotation")
  func secret() throws {
    var bench = Bench()
    let (id, first) = try bench.register()
    let rotated = bench.call("POST", "/v1/webhooks/\(id)/rotate")
    let second = try #require(rotated.text("signing_secret"))
    #expect(rotated.status == 200 && rotated.text("id") == id && second != first)
    let others = [
      bench.call("GET", "/v1/webhooks"), bench.shown(id),
      bench.call("PATCH", "/v1/webhooks/\(id)", #"{"paused":true}"#),
      bench.call("POST", "/v1/webhooks/\(id)/test"),
    ]
    for other in others {
      #expect((200..<300).contains(other.status))
      #expect(!String(decoding: other.body, as: UTF8.self).contains("whsec_"))
    }
  }

  @Test("a webhook is listed, shown, changed and deleted")
  func life() throws {
    var bench = Bench()
    let (id, _) = try bench.register()
    _ = try bench.register(["webhook.test"])
    let listed = bench.call("GET", "/v1/webhooks").object?["data"]?.elements
    #expect(listed?.count == 2 && listed?.first?.object?["id"]?.string == id)
    let changed = bench.call(
      "PATCH", "/v1/webhooks/\(id)",
      #"{"url":"http://localhost:1/x","enabled_events":["playbook.published"],"paused":true}"#)
    #expect(changed.status == 200 && changed.body == bench.shown(id).body)
    #expect(changed.text("url") == "http://localhost:1/x" && changed.object?["paused"]?.bool == true)
    #expect(changed.object?["enabled_events"]?.elements?.map(\.string) == ["playbook.published"])
    let gone = bench.call("DELETE", "/v1/webhooks/\(id)")
    #expect(gone.status == 204 && gone.body.isEmpty)
    #expect(bench.shown(id).error == "404 not_found id")
  }

  @Test("an event goes to whoever subscribed to it, and is accepted where nobody did")
  func event() throws {
    var bench = Bench()
    _ = try bench.register()
    let heard = bench.call("POST", "/v1/events", #"{"event":"analysis.completed"}"#)
    #expect(heard.status == 202 && heard.number("queued") == 1 && heard.text("id")?.hasPrefix("evt_") == true)
    let unheard = bench.call("POST", "/v1/events", #"{"event":"playbook.published"}"#)
    #expect(unheard.status == 202 && unheard.number("queued") == 0)
    #expect(bench.wait().map(\.event) == ["analysis.completed"])
    #expect(bench.wait(1000).isEmpty)
  }

  @Test("an event type that is named twice counts once")
  func repeated() throws {
    var bench = Bench()
    let (id, _) = try bench.register(["analysis.completed", "webhook.test", "analysis.completed"])
    #expect(
      bench.shown(id).object?["enabled_events"]?.elements?.map(\.string) == [
        "analysis.completed", "webhook.test",
      ])
    #expect(bench.call("POST", "/v1/events", #"{"event":"analysis.completed"}"#).number("queued") == 1)
  }

  @Test("a test event goes to its webhook alone, whatever it subscribed to")
  func test() throws {
    var bench = Bench()
    let (id, _) = try bench.register(["playbook.published"])
    _ = try bench.register(["webhook.test"])
    let answer = bench.call("POST", "/v1/webhooks/\(id)/test")
    #expect(answer.status == 202 && answer.number("queued") == 1)
    let sent = bench.wait()
    #expect(sent.map(\.endpoint) == [id])
    let data = sent.first.flatMap { JSONObject($0.body)?["data"]?.object }
    #expect(
      data?["note"]?.string == "test" && data?["timestamp"]?.string == "2026-04-24T18:53:17.867123+00:00")
  }

  @Test("the body of an event is the documented envelope, with the caller's data byte for byte")
  func envelope() throws {
    var bench = Bench()
    _ = try bench.register()
    let data = #"{"analysis_id": "x", "n": 1.0, "big": 12345678901234567, "text": "é\u00e9"}"#
    let answer = bench.call(
      "POST", "/v1/events", #"{"event":"analysis.completed","livemode":true,"data":\#(data)}"#)
    let id = try #require(answer.text("id"))
    let body = bench.wait().first.map { String(decoding: $0.body, as: UTF8.self) }
    #expect(
      body
        == #"{"id":"\#(id)","event":"analysis.completed","livemode":true,"created_at":"2026-04-24T18:53:17.867123+00:00","data":\#(data)}"#
    )
  }

  @Test(
    "a wrong or missing key is 401 for every call, and says how to authorise",
    arguments: [nil, "", "pk_sandbox_tesT", "pk"])
  func unauthorised(key: String?) throws {
    var bench = Bench()
    let (id, _) = try bench.register()
    let calls = [
      ("GET", "/v1/webhooks"), ("POST", "/v1/webhooks"), ("GET", "/v1/webhooks/\(id)"),
      ("DELETE", "/v1/webhooks/\(id)"),
      ("POST", "/v1/webhooks/\(id)/test"), ("POST", "/v1/webhooks/nobody/rotate"), ("POST", "/v1/events"),
      ("GET", "/api/v1/captures"), ("GET", "/api/v1/captures/x"),
    ]
    for (method, target) in calls {
      let answer = bench.call(method, target, key: key)
      #expect(answer.error == "401 unauthorized null", "\(method) \(target)")
      #expect(answer.fields.contains { $0.name == "WWW-Authenticate" && $0.value == "Bearer" })
    }
    #expect(bench.shown(id).status == 200)
  }

  @Test(
    "an unknown id is 404 before 415 and 422",
    arguments: [("PATCH", ""), ("DELETE", ""), ("GET", ""), ("POST", "/test"), ("POST", "/rotate")])
  func unknown(method: String, rest: String) {
    var bench = Bench()
    for id in ["wh_nobody", Endpoint.parableID, "%2e%2e"] {
      #expect(
        bench.call(method, "/v1/webhooks/\(id)\(rest)", "not json", type: "text/plain").error
          == "404 not_found id")
    }
    #expect(bench.call("GET", "/api/v1/captures/cap_x").error == "404 not_found id")
    #expect(bench.call("GET", "/v2/webhooks").error == "404 not_found null")
  }

  @Test(
    "another method is 405 and says which there are",
    arguments: [
      ("/v1/webhooks", "PUT", "POST, GET"), ("/v1/webhooks/wh_x", "POST", "GET, PATCH, DELETE"),
      ("/v1/webhooks/wh_x/test", "GET", "POST"), ("/v1/events", "GET", "POST"),
      ("/api/v1/captures", "POST", "GET"),
    ])
  func method(target: String, method: String, allowed: String) {
    var bench = Bench()
    let answer = bench.call(method, target)
    #expect(answer.error == "405 method_not_allowed null")
    #expect(answer.fields.first { $0.name == "Allow" }?.value == allowed)
  }

  @Test("a body that is not said to be JSON is 415, and one that is said so with a charset is not")
  func mediaType() {
    var bench = Bench()
    for type in [nil, "text/plain", "application/x-www-form-urlencoded", "application/jsonx"] {
      #expect(
        bench.call("POST", "/v1/webhooks", Self.good, type: type).error
          == "415 unsupported_media_type Content-Type")
    }
    #expect(
      bench.call("POST", "/v1/webhooks", Self.good, type: "Application/JSON; charset=utf-8").status == 201)
  }

  @Test("a body over the limit is 413")
  func tooLarge() {
    var bench = Bench { $0.limits.call = 100 }
    #expect(bench.call("POST", "/v1/webhooks", Self.good).error == "413 payload_too_large null")
  }

  private static func registration(_ url: String, _ events: String = #"["analysis.completed"]"#) -> String {
    #"{"url":\#(url),"enabled_events":\#(events)}"#
  }

  @Test(
    "what is wrong in a registration is 422 with its field",
    arguments: [
      ("", "invalid_json null"), ("{", "invalid_json null"), ("[]", "invalid_json null"),
      ("7", "invalid_json null"),
      ("{}", "invalid_url url"), (registration("7"), "invalid_url url"),
      (registration(#""nonsense""#), "invalid_url url"),
      (registration(#""ftp://127.0.0.1/""#), "invalid_url url"),
      (registration(#""http://""#), "invalid_url url"),
      (registration(#""http://127.0.0.1:99999/""#), "invalid_url url"),
      (registration(#""http://a@127.0.0.1/""#), "invalid_url url"),
      (#"{"url":"http://127.0.0.1:1"}"#, "invalid_field enabled_events"),
      (registration(#""http://127.0.0.1:1""#, "[]"), "invalid_field enabled_events"),
      (registration(#""http://127.0.0.1:1""#, #""analysis.completed""#), "invalid_field enabled_events"),
      (registration(#""http://127.0.0.1:1""#, "[1]"), "invalid_field enabled_events"),
      (registration(#""http://127.0.0.1:1""#, #"["analysis.transcribed"]"#), "unknown_event enabled_events"),
      (registration(#""http://127.0.0.1:1""#, #"["*"]"#), "unknown_event enabled_events"),
      (#"{"url":"http://127.0.0.1:1","enabled_events":["webhook.test"],"name":7}"#, "invalid_field name"),
    ])
  func invalid(body: String, error: String) {
    var bench = Bench()
    #expect(bench.call("POST", "/v1/webhooks", body).error == "422 " + error)
    #expect(bench.call("GET", "/v1/webhooks").object?["data"]?.elements?.isEmpty == true)
  }

  @Test(
    "what is wrong in a change or an event is 422 with its field",
    arguments: [
      ("PATCH", #"{"paused":"yes"}"#, "invalid_field paused"), ("PATCH", #"{"url":null}"#, "invalid_url url"),
      ("PATCH", #"{"enabled_events":["nothing"]}"#, "unknown_event enabled_events"),
      ("POST", "{}", "invalid_field event"), ("POST", #"{"event":"nothing"}"#, "unknown_event event"),
      ("POST", #"{"event":"webhook.test","data":[]}"#, "invalid_field data"),
      ("POST", #"{"event":"webhook.test","livemode":1}"#, "invalid_field livemode"),
    ])
  func invalidChange(method: String, body: String, error: String) throws {
    var bench = Bench()
    let (id, _) = try bench.register()
    let target = method == "PATCH" ? "/v1/webhooks/\(id)" : "/v1/events"
    let before = bench.shown(id).body
    #expect(bench.call(method, target, body).error == "422 " + error)
    #expect(bench.shown(id).body == before && bench.wait().isEmpty)
  }

  @Test(
    "only the loopback is posted to, however an address is written, unless --allow-remote",
    arguments: [
      ("http://127.0.0.1:1", true), ("https://LOCALHOST/x", true), ("http://127.9.8.7:80/", true),
      ("http://[::1]:9/", true),
      ("http://example.com/", false), ("http://10.0.0.1/", false), ("http://127.0.0.1.example.com/", false),
      ("http://0127.0.0.1/", false), ("http://127.1/", false), ("http://2130706433/", false),
      ("http://localhost.evil/", false),
      ("http://0.0.0.0:1/", false), ("http://[::ffff:10.0.0.1]/", false), ("http://127.0.0.+1/", false),
    ])
  func loopback(url: String, isAllowed: Bool) {
    var bench = Bench()
    let answer = bench.call("POST", "/v1/webhooks", Self.registration("\"\(url)\""))
    #expect(isAllowed ? answer.status == 201 : answer.error == "422 url_not_allowed url")
    var open = Bench { $0.allowsRemote = true }
    #expect(open.call("POST", "/v1/webhooks", Self.registration("\"\(url)\"")).status == 201)
  }

  @Test("webhooks and deliveries are bounded, and a full queue says to come again")
  func bounds() throws {
    var bench = Bench { ($0.limits.webhooks, $0.limits.deliveries) = (2, 1) }
    let (id, _) = try bench.register()
    _ = try bench.register()
    #expect(bench.call("POST", "/v1/webhooks", Self.good).error == "422 too_many_webhooks null")
    #expect(bench.call("POST", "/v1/webhooks/\(id)/test").status == 202)
    let full = bench.call("POST", "/v1/webhooks/\(id)/test")
    #expect(full.error == "503 queue_full null" && full.fields.contains { $0.name == "Retry-After" })
    for departure in bench.wait() { bench.settle(departure, 200) }
    #expect(bench.call("POST", "/v1/webhooks/\(id)/test").status == 202)
  }

  @Test("what can't be written to the state file is not done, and said to be so")
  func notStored() throws {
    var bench = Bench()
    let (id, _) = try bench.register()
    bench.journal.isFull = true
    #expect(bench.call("DELETE", "/v1/webhooks/\(id)").error == "503 not_stored null")
    #expect(bench.call("POST", "/v1/webhooks/\(id)/test", idempotent: "k").error == "503 not_stored null")
    #expect(bench.wait().isEmpty)
    bench.journal.isFull = false
    #expect(bench.shown(id).status == 200)
    #expect(bench.call("POST", "/v1/webhooks/\(id)/test", idempotent: "k").status == 202)
  }
}
