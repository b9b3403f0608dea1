"""What Parable's documentation says, and the verifiers of both providers in Node."""

import json
import re
import shutil
import subprocess
import tempfile
import time
import uuid

from client import EARLY, LATE, App, Sandbox, at_work, require_schedule, sentence
from parlay import DATA

GAPS = [60, 300, 900, 3600, 21600, 86400]

NODE_VERIFIERS = r"""
const { createHmac, timingSafeEqual } = require("node:crypto");
function parable(rawBody, signatureHeader, secret) {
  const { t, v1 } = Object.fromEntries(signatureHeader.split(",").map((kv) => kv.split("=", 2)));
  if (Math.abs(Date.now() / 1000 - Number(t)) > 300) return false;
  const expected = createHmac("sha256", secret).update(`${t}.${rawBody}`).digest("hex");
  return expected.length === v1.length && timingSafeEqual(Buffer.from(expected), Buffer.from(v1));
}
function parlay(rawBody, header, signingSecret, toleranceSeconds = 300) {
  const parts = Object.fromEntries(header.split(",").map((p) => p.split("=")));
  const t = Number(parts.t); const v1 = parts.v1;
  if (!t || !v1) return false;
  if (Math.abs(Date.now() / 1000 - t) > toleranceSeconds) return false;
  const expected = createHmac("sha256", signingSecret).update(`${t}.${rawBody}`).digest("hex");
  return timingSafeEqual(Buffer.from(expected, "hex"), Buffer.from(v1, "hex"));
}
const all = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
console.log(all.every(([raw, header, secret]) => parable(raw, header, secret) && parlay(raw, header, secret)));
"""


@sentence("Parable provisions the endpoint and hands you its signing secret once, over a secure channel.")
def _():
    with tempfile.TemporaryDirectory() as folder:
        state = ["--state", f"{folder}/state"]
        with at_work(*state, parable=True) as (sandbox, app):
            secret = sandbox.parable_secret
        app = App()
        sandbox = Sandbox(*state, "--parable", app.url)
        assert secret and sandbox.parable_secret is None
        app.secrets.append(secret)
        sandbox.happen("capture.processed")
        app.wait(1)
        sandbox.close()
        app.close()


@sentence("By default the webhook starts “from now”: only captures processed after the endpoint is created get pushed, and earlier history stays reachable via the pull API.")
def _():
    with tempfile.TemporaryDirectory() as folder:
        sandbox = Sandbox("--state", f"{folder}/state")
        assert sandbox.happen("capture.processed")["queued"] == 0
        sandbox.close()
        with at_work("--state", f"{folder}/state", parable=True) as (sandbox, app):
            later = sandbox.happen("capture.processed")["id"]
            assert [d.body["data"]["id"] for d in app.wait(1)] == [later]
            assert [capture["id"] for capture in sandbox.captures()][1:] == [later]
            assert len(sandbox.captures()) == 2


@sentence("Parable can POST each capture to an HTTPS endpoint you provide, within about a minute of it entering the stream.")
def _():
    with at_work(parable=True, scale=60) as (sandbox, app):
        begin = time.monotonic()
        for _ in range(5):
            sandbox.happen("capture.processed")
        assert all(delivery.at - begin < 1 + LATE for delivery in app.wait(5))


@sentence("POST: content-type, x-parable-event, x-parable-delivery, x-parable-signature; event, delivery_id, emitted_at, data")
def _():
    with at_work(parable=True) as (sandbox, app):
        capture = sandbox.happen("capture.processed")["id"]
        delivery = app.wait(1)[0]
        headers = {name.lower(): value for name, value in delivery.headers.items()}
        assert headers["content-type"] == "application/json" and headers["x-parable-event"] == "capture.processed"
        assert str(uuid.UUID(headers["x-parable-delivery"])) == headers["x-parable-delivery"]
        assert re.fullmatch(r"t=[1-9]\d{9},v1=[0-9a-f]{64}", headers["x-parable-signature"])
        assert list(delivery.body) == ["event", "delivery_id", "emitted_at", "data"]
        assert delivery.body["delivery_id"] == headers["x-parable-delivery"]
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", delivery.body["emitted_at"])
        assert delivery.body["data"]["id"] == capture
        assert set(delivery.body["data"]) == set(sandbox.captures()[0]), "the same schema as the pull API"


@sentence("Respond with any 2xx within 10 seconds. A slow response counts as a failed attempt.")
def _():
    with at_work(parable=True, answer=lambda delivery, count: None if count == 0 else 299) as (sandbox, app):
        sandbox.happen("capture.processed")
        first, second = app.wait(2)
        gap = second.at - first.at
        assert 10 - EARLY <= gap <= 10 + 60 / sandbox.scale + LATE, f"{gap} s"
        assert first.headers["x-parable-delivery"] == second.headers["x-parable-delivery"]
        time.sleep(0.3)
        assert len(app.deliveries) == 2


@sentence("Rarely, a delivery may arrive twice. Dedupe on data.id; delivery_id identifies the delivery attempt chain.")
def _():
    with at_work("--chaos", "--seed", "3", parable=True, rate="50/s", scale=600) as (sandbox, app):
        def twice(deliveries):
            ids = [delivery.body["data"]["id"] for delivery in deliveries]
            return [id for id in ids if ids.count(id) > 1]

        id = twice(app.until(twice))[0]
        assert len({d.body["delivery_id"] for d in app.deliveries if d.body["data"]["id"] == id}) == 1


@sentence("A failed attempt retries after 1m, then 5m, 15m, 1h, 6h, 24h before giving up. Anything that exhausts retries is still in the pull stream.")
def _():
    with at_work(parable=True, answer=lambda *_: 404, scale=14400) as (sandbox, app):
        capture = sandbox.happen("capture.processed")["id"]
        deliveries = app.wait(7)
        require_schedule(deliveries, GAPS, sandbox.scale)
        assert len({delivery.headers["x-parable-delivery"] for delivery in deliveries}) == 1
        assert [document["id"] for document in sandbox.captures()] == [capture]


@sentence("The document is rendered at send time. Later fixes (for example a speaker rename) don’t re-push; re-fetch GET /api/v1/captures/:id for current state.")
def _():
    with at_work("--chaos", parable=True, scale=600) as (sandbox, app):
        id = sandbox.happen("capture.processed")["id"]
        pushed = app.wait(1)[0].body["data"]
        time.sleep(0.4)
        current = sandbox.good("GET", f"/api/v1/captures/{id}")
        assert current != pushed and len(app.deliveries) == 1
        old, new = pushed["participants"][0]["name"], current["participants"][0]["name"]
        text = json.dumps(pushed).replace(f'"name": {json.dumps(old)}', f'"name": {json.dumps(new)}')
        assert json.loads(text.replace(f'"speaker": {json.dumps(old)}', f'"speaker": {json.dumps(new)}')) == current


@sentence("Ordering is not guaranteed across in-flight deliveries; use started_at / ended_at for display ordering, as with the pull API.")
def _():
    with at_work("--chaos", "--seed", "3", parable=True, rate="20/s", scale=600) as (sandbox, app):
        def inverted(deliveries):
            order = {capture["id"]: place for place, capture in enumerate(sandbox.captures())}
            places = [order[d.body["data"]["id"]] for d in deliveries if d.body["data"]["id"] in order]
            return any(later < earlier for earlier, later in zip(places, places[1:]))

        deliveries = app.until(inverted)
        for delivery in deliveries:
            data = delivery.body["data"]
            assert data["started_at"] < data["ended_at"]


@sentence("Verifying the signature (TypeScript), in Node where it is installed")
def _():
    if not shutil.which("node"):
        return
    with at_work(parable=True) as (sandbox, app):
        secret = sandbox.register(app, list(DATA))["signing_secret"]
        for event in DATA:
            sandbox.happen(event)
        sandbox.happen("capture.processed")
        cases = [
            (d.raw.decode(), d.signature, sandbox.parable_secret if d.body["event"] == "capture.processed" else secret)
            for d in app.wait(len(DATA) + 1)]
        done = subprocess.run(
            ["node", "-e", NODE_VERIFIERS], input=json.dumps(cases), capture_output=True, text=True, timeout=20)
        assert done.stdout == "true\n", done.stdout + done.stderr
