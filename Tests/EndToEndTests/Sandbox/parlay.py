"""What Parlay's documentation says."""

import datetime
import json
import re
import time
import uuid

from client import App, Sandbox, at_work, require_schedule, sentence, until, verify_parlay_signature

GAPS = [60, 300, 1500, 7200, 28800]


@sentence("Parlay returns a signing_secret (shown once — store it securely).")
def _():
    with at_work() as (sandbox, app):
        made = sandbox.register(app, ["analysis.completed", "analysis.failed", "playbook.draft.completed"])
        assert made["id"].startswith("wh_") and made["signing_secret"].startswith("whsec_")
        assert made["url"] == app.url
        assert made["enabled_events"] == ["analysis.completed", "analysis.failed", "playbook.draft.completed"]
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00", made["created_at"])
        moment = datetime.datetime.fromisoformat(made["created_at"])
        assert abs(moment.timestamp() - time.time()) < 60
        for path in ("/v1/webhooks", f"/v1/webhooks/{made['id']}"):
            assert "whsec_" not in json.dumps(sandbox.good("GET", path))


@sentence("When a matching event fires server-side, Parlay POSTs the event JSON to your URL with a signed timestamp header.")
def _():
    with at_work() as (sandbox, app):
        sandbox.register(app)
        happened = sandbox.happen()
        delivery = app.wait(1)[0]
        assert list(delivery.body) == ["id", "event", "livemode", "created_at", "data"]
        assert delivery.body["id"] == happened["id"] and delivery.body["id"].startswith("evt_")
        assert delivery.path == "/hook" and happened["queued"] == 1
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00", delivery.body["created_at"])
        assert sandbox.happen("playbook.published")["queued"] == 0


@sentence("Each webhook arrives as a POST with these headers: Content-Type, User-Agent, X-Parlay-Event, X-Parlay-Delivery, X-Parlay-Signature")
def _():
    with at_work() as (sandbox, app):
        sandbox.register(app)
        sandbox.happen()
        headers = dict(app.wait(1)[0].headers)
        assert headers["Content-Type"] == "application/json" and headers["User-Agent"] == "parlay-webhook/1"
        assert headers["X-Parlay-Event"] == "analysis.completed"
        assert str(uuid.UUID(headers["X-Parlay-Delivery"])) == headers["X-Parlay-Delivery"]
        assert re.fullmatch(r"t=[1-9]\d{9},v1=[0-9a-f]{64}", headers["X-Parlay-Signature"])


@sentence("If your endpoint is unreachable or returns 5xx, Parlay retries. Retry schedule: ~1 min, 5 min, 25 min, 2 hr, 8 hr")
def _():
    with at_work(answer=lambda *_: 500) as (sandbox, app):
        made = sandbox.register(app)
        sandbox.happen()
        deliveries = app.wait(6)
        require_schedule(deliveries, GAPS, sandbox.scale)
        assert len({delivery.raw for delivery in deliveries}) == 1, "the event is the same at each attempt"
        path = f"/v1/webhooks/{made['id']}"
        until(lambda: sandbox.good("GET", path)["last_deliveries"][0]["given_up"])
        log = sandbox.good("GET", path)["last_deliveries"]
        assert len(app.deliveries) == len(log) == log[0]["attempt"] == 6
        begins = [datetime.datetime.fromisoformat(attempt["at"]).timestamp() for attempt in reversed(log)]
        for earlier, later, gap in zip(begins, begins[1:], GAPS, strict=False):
            assert later - earlier >= gap / sandbox.scale, "no attempt is made before it is due"


@sentence("If your endpoint is unreachable, Parlay retries")
def _():
    closed = App()
    port = closed.server.server_port
    closed.close()
    sandbox = Sandbox(scale=600)
    made = sandbox.good(
        "POST", "/v1/webhooks",
        {"url": f"http://127.0.0.1:{port}/", "name": "x", "enabled_events": ["analysis.completed"]})
    sandbox.happen()
    path = f"/v1/webhooks/{made['id']}"
    log = until(lambda: sandbox.good("GET", path)["last_deliveries"])
    assert log[-1]["error"] == "refused" and log[-1]["status"] is None, log
    app = App(port=port)
    app.secrets.append(made["signing_secret"])
    app.wait(1)
    until(lambda: sandbox.good("GET", path)["last_deliveries"][0]["status"] == 200)
    sandbox.close()
    app.close()


@sentence("X-Parlay-Delivery: UUID of this delivery attempt")
def _():
    with at_work(answer=lambda delivery, count: 503 if count < 2 else 204) as (sandbox, app):
        sandbox.register(app)
        sandbox.happen()
        deliveries = app.wait(3)
        assert len({delivery.headers["X-Parlay-Delivery"] for delivery in deliveries}) == 3
        assert len({delivery.body["id"] for delivery in deliveries}) == 1


DATA = {
    "analysis.completed": {"analysis_id", "org_id", "rep_id", "scores", "status"},
    "analysis.failed": {"analysis_id", "org_id", "rep_id", "error"},
    "persona.assigned": {"org_id", "rep_id", "job_id", "result"},
    "methodology.assigned": {"org_id", "rep_id", "job_id", "result"},
    "profile.synthesized": {"org_id", "rep_id", "job_id", "result"},
    "playbook.draft.completed": {
        "draft_id", "source_count", "gemini_input_tokens", "gemini_output_tokens", "cost_usd_cents"},
    "playbook.published": {"playbook_id", "draft_id", "version"},
    "insights.generated": {"org_id", "snapshot_id"},
    "webhook.test": {"note", "timestamp"},
}


@sentence("Events: Event, Fires when, Payload data shape")
def _():
    with at_work() as (sandbox, app):
        sandbox.register(app, list(DATA))
        for event in DATA:
            sandbox.happen(event)
        for delivery in app.wait(len(DATA)):
            assert set(delivery.body["data"]) == DATA[delivery.body["event"]], delivery.raw


@sentence("Parlay sends a webhook.test event to your URL.")
def _():
    with at_work() as (sandbox, app):
        made = sandbox.register(app)
        assert sandbox.call("POST", f"/v1/webhooks/{made['id']}/test")[0] == 202
        delivery = app.wait(1)[0]
        assert delivery.body["event"] == delivery.headers["X-Parlay-Event"] == "webhook.test"
        assert delivery.body["data"]["note"] == "test" and set(delivery.body["data"]) == {"note", "timestamp"}


@sentence("The same event may be delivered more than once. Use event.id as a dedupe key in your DB.")
def _():
    with at_work("--chaos", "--seed", "3", rate="50/s", scale=600) as (sandbox, app):
        sandbox.register(app)

        def repeats(deliveries):
            known, found = {}, []
            for delivery in deliveries:
                earlier = known.setdefault(delivery.body["id"], delivery)
                if earlier is not delivery:
                    found.append((earlier, delivery))
            return found

        earlier, later = repeats(app.until(repeats))[0]
        assert earlier.raw == later.raw
        assert earlier.headers["X-Parlay-Delivery"] != later.headers["X-Parlay-Delivery"]


@sentence("If you only listen for analysis.completed, but Parlay adds analysis.transcribed later, your endpoint will receive both.")
def _():
    with at_work("--chaos", "--seed", "3", rate="50/s") as (sandbox, app):
        sandbox.register(app, ["analysis.completed"])
        both = {"analysis.completed", "analysis.transcribed"}
        assert {d.body["event"] for d in app.until(lambda all: {d.body["event"] for d in all} >= both)} == both


@sentence("Switch on event and ignore unknown types — don’t 4xx, that triggers retries.")
def _():
    with at_work(answer=lambda delivery, count: 400 if count == 0 else 200) as (sandbox, app):
        sandbox.register(app)
        sandbox.happen()
        require_schedule(app.wait(2), [60], sandbox.scale)


@sentence("Register one webhook for staging and another for production. Both get the same events — your code routes by livemode.")
def _():
    with at_work() as (sandbox, app):
        made = [sandbox.register(app, name=name) for name in ("staging", "production")]
        assert made[0]["id"] != made[1]["id"] and made[0]["signing_secret"] != made[1]["signing_secret"]
        for is_live in (True, False):
            assert sandbox.happen(livemode=is_live)["queued"] == 2
        deliveries = app.wait(4)
        assert sorted(d.body["livemode"] for d in deliveries) == [False, False, True, True]
        assert len({d.raw for d in deliveries}) == 2


@sentence("Returns a new signing_secret (only shown once). The old secret stops working immediately.")
def _():
    with at_work() as (sandbox, app):
        made = sandbox.register(app)
        new = sandbox.good("POST", f"/v1/webhooks/{made['id']}/rotate")["signing_secret"]
        assert new != made["signing_secret"] and new.startswith("whsec_")
        app.secrets[:] = [new]
        sandbox.happen()
        delivery = app.wait(1)[0]
        assert not verify_parlay_signature(delivery.raw, delivery.signature, made["signing_secret"])


@sentence("Paused webhooks queue events server-side. Resume with paused: false.")
def _():
    with at_work(scale=60) as (sandbox, app):
        path = f"/v1/webhooks/{sandbox.register(app)['id']}"
        assert sandbox.good("PATCH", path, {"paused": True})["paused"] is True
        ids = [sandbox.happen()["id"] for _ in range(5)]
        time.sleep(0.1)
        assert not app.deliveries and sandbox.good("GET", path)["queue_length"] == 5
        assert sandbox.good("PATCH", path, {"paused": False})["paused"] is False
        assert [delivery.body["id"] for delivery in app.wait(5)] == ids
        assert sandbox.good("GET", path)["dropped"] == 0


@sentence("Paused webhooks queue events for up to 24 hours, then drop them.")
def _():
    with at_work(scale=86400) as (sandbox, app):
        path = f"/v1/webhooks/{sandbox.register(app)['id']}"
        sandbox.good("PATCH", path, {"paused": True})
        sandbox.happen()
        assert sandbox.good("GET", path)["queue_length"] == 1
        time.sleep(1.2)
        sandbox.happen()
        shown = sandbox.good("GET", path)
        assert (shown["queue_length"], shown["dropped"]) == (1, 1), shown
        sandbox.good("PATCH", path, {"paused": False})
        app.wait(1)
        time.sleep(0.1)
        assert len(app.deliveries) == 1


@sentence('-H "Idempotency-Key: $(uuidgen)"')
def _():
    with at_work() as (sandbox, app):
        body = {"url": app.url, "name": "x", "enabled_events": ["analysis.completed"]}
        key = str(uuid.uuid4())
        first = sandbox.call("POST", "/v1/webhooks", body, idempotency_key=key)
        assert first[0] == 201 and sandbox.call("POST", "/v1/webhooks", body, idempotency_key=key) == first
        status, document = sandbox.call("POST", "/v1/webhooks", {**body, "name": "y"}, idempotency_key=key)
        assert status == 409 and set(document["error"]) == {"code", "message", "field"}
        assert len(sandbox.good("GET", "/v1/webhooks")["data"]) == 1


@sentence('-H "Authorization: Bearer pk_sandbox_YOUR_KEY"')
def _():
    with at_work() as (sandbox, app):
        for method, path in [("POST", "/v1/webhooks"), ("GET", "/v1/webhooks/wh_x"), ("GET", "/api/v1/captures")]:
            status, document = sandbox.call(method, path, key="pk_sandbox_WRONG")
            assert status == 401 and document["error"]["code"] == "unauthorized"
