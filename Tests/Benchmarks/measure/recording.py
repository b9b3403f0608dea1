"""Makes a recorded session of any length, as hooktop writes it: python3 -m measure.recording FILE [COUNT [FAILED]]

All three kinds of lines, bodies of mixed sizes, and so many failed deliveries in ten thousand: changed on the way,
signed with a secret that nobody has, too old, or the same as one before.
"""

import base64
import datetime
import hashlib
import hmac
import json
import random
import sys

SECRET = "whsec_recorded_benchmark"
_START = 1_795_000_000_000_000
_PARLAY = ("analysis.completed", "analysis.failed", "persona.assigned", "playbook.published", "webhook.test")
_TEXT = "Une analyse est prête, and its words are of mixed lengths; nothing in it says anything. "


def write(path, count, failed=100, seed=1):
    """Writes a session of `count` deliveries, so many of ten thousand of them failed."""
    chance = random.Random(seed)
    last_failed = None
    with open(path, "w", encoding="ascii", newline="\n") as file:
        for sequence in range(1, count + 1):
            at = _START + sequence * 700_000
            kind = chance.choice(("spaced", "stranger", "stale", "again")) if chance.random() < failed / 1e4 else None
            if kind == "again" and last_failed:
                request, fields, verdict = last_failed
            else:
                request, fields, verdict = _request(chance, sequence, at, kind)
            if verdict[0] == "mismatch":
                last_failed = request, fields, verdict
            file.write(_delivery(sequence, at, request, fields, verdict))
            if sequence % 200 == 0:
                file.write(_exchange(sequence, at))
            if sequence % 1000 == 0:
                file.write(_incident(at))


def _request(chance, sequence, at, kind):
    """The request as text, the fields read from it, and the verdict on it."""
    is_parlay = chance.random() < 0.75
    seconds = at // 1_000_000 - (4000 if kind == "stale" else 2)
    body, fields = (_parlay if is_parlay else _parable)(chance, sequence, seconds)
    secret = "whsec_of_somebody_else" if kind == "stranger" else SECRET
    mac = hmac.new(secret.encode(), b"%d." % seconds + body, hashlib.sha256).hexdigest()
    if kind == "spaced":
        body = json.dumps(json.loads(body)).encode()
    prefix = "X-Parlay-" if is_parlay else "x-parable-"
    names = ("Event", "Delivery", "Signature") if is_parlay else ("event", "delivery", "signature")
    headers = [
        ["Host", "127.0.0.1:4747"],
        ["User-Agent", f"{fields[0]}-webhook/1"],
        ["Content-Type", "application/json"],
        ["Content-Length", str(len(body))],
        [prefix + names[0], fields[1]],
        [prefix + names[1], fields[3]],
        [prefix + names[2], f"t={seconds},v1={mac}"],
    ]
    request = (
        '"request":{"method":"POST","target":"/","version":"1.1","headers":'
        + json.dumps(headers, separators=(",", ":"))
        + f',"body_base64":"{base64.b64encode(body).decode()}","body_size":{len(body)},"peer":"127.0.0.1:51234"}}'
    )
    age = at / 1e6 - seconds
    verdicts = {None: ("valid", "ok", fields[0]), "stale": ("stale", "too-old", fields[0])}
    status, reason, label = verdicts.get(kind, ("mismatch", "no-v1-matches", None))
    return request, fields, (status, reason, age, label)


def _parlay(chance, sequence, seconds):
    event = chance.choice(_PARLAY)
    event_id, delivery_id = f"evt_{sequence:012x}", f"dlv_{chance.getrandbits(48):012x}"
    live = chance.random() < 0.5
    body = {
        "id": event_id,
        "event": event,
        "livemode": live,
        "created_at": _iso(seconds * 1_000_000),
        "data": {"analysis_id": f"ana_{sequence}", "score": chance.random(), "words": _words(chance)},
    }
    return _dumped(body), ("parlay", event, event_id, delivery_id, live)


def _parable(chance, sequence, seconds):
    event_id = f"cap_{sequence:012x}"
    body = {
        "event": "capture.processed",
        "delivery_id": f"dlv_{sequence:012x}",
        "emitted_at": _iso(seconds * 1_000_000),
        "data": {"id": event_id, "started_at": _iso(seconds * 1_000_000 - 60_000_000), "words": _words(chance)},
    }
    return _dumped(body), ("parable", "capture.processed", event_id, body["delivery_id"], None)


def _words(chance):
    size = chance.random()
    return (_TEXT * 60)[: 20 + int(60 * size)] if size < 0.85 else (_TEXT * 60)[: 400 if size < 0.99 else 4000]


def _dumped(body):
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def _iso(microseconds):
    moment = datetime.datetime(1970, 1, 1) + datetime.timedelta(microseconds=microseconds)
    return moment.isoformat(timespec="microseconds") + "Z"


def _delivery(sequence, at, request, fields, verdict):
    provider, event, event_id, delivery_id, live = fields
    status, reason, age, label = verdict
    return (
        f'{{"kind":"delivery","sequence":{sequence},"received_at":"{_iso(at)}","provider":"{provider}",'
        f'"event":"{event}","event_id":"{event_id}","delivery_id":"{delivery_id}","dedupe_key":"{event_id}",'
        f'"livemode":{json.dumps(live)},"verdict":{{"status":"{status}","reason":"{reason}","age_seconds":{age:.6g},'
        f'"secret":{json.dumps(label)},"tolerance_seconds":300}},"duplicate":false,"attempt":1,{request},'
        f'"answer":{{"status":{200 if status == "valid" else 401},"milliseconds":0.412}}}}\n'
    )


def _exchange(sequence, at):
    body = base64.b64encode(b'{"ok":true}').decode()
    return (
        f'{{"kind":"exchange","sequence":{sequence},"at":"{_iso(at + 900)}","why":"forward",'
        '"url":"http://127.0.0.1:3000/hook","response":{"status":200,"headers":[["Content-Type","application/json"]],'
        f'"body_base64":"{body}","body_size":11}},"error":null,'
        '"milliseconds":{"connect":0.3,"first_byte":11.8,"total":12.1}}\n'
    )


def _incident(at):
    return (
        f'{{"kind":"incident","received_at":"{_iso(at + 950)}","reason":"bad-request",'
        '"detail":"the request line is not HTTP","peer":"127.0.0.1:40000","answer":{"status":400}}\n'
    )


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[2:]]
    write(sys.argv[1], *(numbers or [1_000_000]))
