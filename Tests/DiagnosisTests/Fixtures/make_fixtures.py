#!/usr/bin/env python3
"""Makes the fixtures of the diagnosis tests, with a signer that shares no code with hooktop.

    python3 make_fixtures.py            # writes styles.json and causes.json beside this file

Deterministic: running it again changes nothing. The tests read the files only.
"""
import base64, gzip, hashlib, hmac, json, re, urllib.parse, zlib
from pathlib import Path

HERE = Path(__file__).parent
T = 1745518397
SECRET = "whsec_9fK2mT7qLrX4vB8nZ1cD6hJ3"
PARABLE = "whsec_pRbL5sW0yEu2iOa7kGd4fHj9"
OLD = "whsec_0ldS3cr3tBef0reTheR0tati0n"
KEYRING = [["parlay", "parlay", SECRET, None], ["parable", "parable", PARABLE, None],
           ["parlay", "parlay/old", OLD, T - 3600]]


def sign(body, secret=SECRET, t=T, digest="sha256"):
    key = secret if isinstance(secret, bytes) else secret.encode()
    return hmac.new(key, f"{t}.".encode() + body, digest).hexdigest()


def b64(data):
    return base64.b64encode(data).decode()


# Sender styles -------------------------------------------------------------------------------------------

def escape_units(text, keep):
    out = []
    for ch in text:
        if keep(ch):
            out.append(ch)
        else:
            units = ch.encode("utf-16-be")
            out += ["\\u%04x" % int.from_bytes(units[i:i + 2], "big") for i in range(0, len(units), 2)]
    return "".join(out)


def compact(doc, ascii_only=False, sort=False):
    return json.dumps(doc, separators=(",", ":"), ensure_ascii=ascii_only, sort_keys=sort)


def node(doc, sort=False):
    return compact(doc, sort=sort)


def python(doc, sort=False):
    return json.dumps(doc, sort_keys=sort)


def go(doc, sort=False):
    text = compact(doc, sort=sort)
    return escape_units(text, lambda c: c not in "<>&\u2028\u2029") + "\n"


def php(doc, sort=False):
    return compact(doc, ascii_only=True, sort=sort).replace("/", "\\/")


def ruby(doc, sort=False):
    return compact(doc, sort=sort)


def pretty(doc, sort=False):
    return json.dumps(doc, indent=2, ensure_ascii=False, sort_keys=sort) + "\n"


SENDERS = {"python": python, "node": node, "go": go, "php": php, "ruby": ruby, "pretty": pretty}

DOCUMENT = {
    "id": "evt_2k4xJzaB", "event": "analysis.completed", "livemode": False,
    "created_at": "2025-04-24T18:13:15.867123+00:00",
    "data": {
        "analysis_id": "f2782fc7-5355-48bf-a314-d6bf90bc4907", "org_id": "café/acmé <b>&co",
        "rep_id": "álex \U0001F44D \"q\"\tz", "status": "completed",
        "scores": {"clarity": 94, "influence": 95.5, "objection": -92},
    },
}


# Changes on the way --------------------------------------------------------------------------------------

def parsed(body):
    return json.loads(body.decode("utf-8-sig"))


def respelled(sender, body):
    """The sender's spacing, with the other choice of escapes."""
    text = body.decode()
    if sender in ("python", "php"):
        text = text.replace("\\/", "/")
        text = re.sub(r"(?:\\u[0-9a-f]{4})+", lambda m: json.loads(f'"{m[0]}"'), text)
    elif sender == "go":
        text = re.sub(r"\\u00(?:3c|3e|26)", lambda m: json.loads(f'"{m[0]}"'), text)
    else:
        text = escape_units(text, lambda c: ord(c) < 0x80)
    return text.encode()


def latin1(body):
    return body.decode("latin-1").encode("utf-8")


def edited(body):
    return body.replace(b"95.5", b"99.5")


CHANGES = {
    "re-serialised by node": lambda s, b: node(parsed(b)).encode(),
    "re-serialised by python": lambda s, b: python(parsed(b)).encode(),
    "indented by 4": lambda s, b: json.dumps(parsed(b), indent=4, ensure_ascii=False).encode(),
    "keys sorted": lambda s, b: SENDERS[s](parsed(b), sort=True).encode(),
    "escapes changed": respelled,
    "newline added": lambda s, b: b + b"\n",
    "newline dropped": lambda s, b: b[:-1] if b.endswith(b"\n") else b,
    "LF to CRLF": lambda s, b: b.replace(b"\n", b"\r\n"),
    "BOM added": lambda s, b: b"\xef\xbb\xbf" + b,
    "UTF-8 read as Latin-1": lambda s, b: latin1(b),
    "truncated": lambda s, b: b[: len(b) * 2 // 3],
    "edited": lambda s, b: edited(b),
}

CAUSE_OF_CHANGE = {
    "re-serialised by node": "body-reserialised", "re-serialised by python": "body-reserialised",
    "indented by 4": "body-reserialised", "keys sorted": "body-reserialised",
    "escapes changed": "body-reserialised", "newline added": "newline-or-bom",
    "newline dropped": "newline-or-bom", "LF to CRLF": "newline-or-bom", "BOM added": "newline-or-bom",
    "UTF-8 read as Latin-1": "charset-damage",
}


def parlay(body, header, event="analysis.completed", extra=()):
    fields = [["Host", "127.0.0.1:4747"], ["Content-Type", "application/json"], ["User-Agent", "parlay-webhook/1"],
              ["X-Parlay-Event", event], ["X-Parlay-Delivery", "3f0b1c52-8d5e-4a55-9d0a-6f1f4a4b8f11"]]
    if header is not None:
        for value in header if isinstance(header, list) else [header]:
            fields.append(["X-Parlay-Signature", value])
    return fields + [list(f) for f in extra]


def case(name, headers, body, causes, original=None, now=T + 3, neighbours=(), keyring=None, open=False):
    return {"name": name, "headers": headers, "body": b64(body), "now": now, "causes": causes,
            "original": None if original is None else b64(original), "neighbours": list(neighbours),
            "keyring": KEYRING if keyring is None else keyring, "open": open}


def styles():
    cases = []
    for sender, write in SENDERS.items():
        original = write(DOCUMENT).encode()
        header = f"t={T},v1={sign(original)}"
        for change, apply in CHANGES.items():
            received = apply(sender, original)
            if received == original:
                continue
            cause = CAUSE_OF_CHANGE.get(change)
            cases.append(case(f"{sender}: {change}", parlay(received, header), received,
                              {cause: "proven"} if cause else {}, original if cause else None, open=cause is None))
    return cases


# One case or more for each cause of the table ---------------------------------------------------------------

def causes():
    body = node(DOCUMENT).encode()
    good = sign(body)
    head = f"t={T},v1={good}"
    parable_doc = {"event": "capture.processed", "delivery_id": "3f0b1c52-8d5e-4a55-9d0a-6f1f4a4b8f11",
                   "emitted_at": "2025-04-24T18:13:16.000Z", "data": {"id": "cap_1", "title": "Größe"}}
    pbody = node(parable_doc).encode()

    def pheaders(header, event="capture.processed", delivery=parable_doc["delivery_id"]):
        return [["content-type", "application/json"], ["x-parable-event", event],
                ["x-parable-delivery", delivery], ["x-parable-signature", header]]

    out = []

    def add(name, headers, body, causes, **more):
        out.append(case(name, headers, body, causes, **more))

    # 1 no-signature-header
    add("header left out", parlay(body, None), body, {"no-signature-header": "seen"})
    add("Stripe's header name", parlay(body, None, extra=[("Stripe-Signature", head)]), body,
        {"no-signature-header": "proven"}, original=body)
    add("misspelled header name", parlay(body, None, extra=[("X-Parley-Signature", head)]), body,
        {"no-signature-header": "proven"}, original=body)
    hub = hmac.new(SECRET.encode(), body, "sha256").hexdigest()
    add("GitHub's header", parlay(body, None, extra=[("X-Hub-Signature-256", "sha256=" + hub)]), body,
        {"no-signature-header": "proven", "other-signed-text": "proven"}, original=body)
    raw = base64.b64encode(hmac.new(base64.b64decode("9fK2mT7qLrX4vB8nZ1cD6hJ3"), f"msg_1.{T}.".encode() + body,
                                    "sha256").digest()).decode()
    add("Standard Webhooks", [["webhook-id", "msg_1"], ["webhook-timestamp", str(T)], ["webhook-signature", "v1," + raw]]
        + parlay(body, None), body,
        {"no-signature-header": "proven", "other-signed-text": "proven", "damaged-secret": "proven"}, original=body)
    # 2 malformed-header
    add("v1 cut to 40 digits", parlay(body, f"t={T},v1={good[:40]}"), body, {"malformed-header": "seen", "tolerated-oddity": "proven"}, original=body)
    add("a digest without t", parlay(body, "sha256=00ff"), body, {"malformed-header": "seen"})
    add("the time's name left out", parlay(body, f"{T},v1={good}"), body, {"malformed-header": "seen", "tolerated-oddity": "proven"}, original=body)
    add("nothing but words", parlay(body, "I'm not even a real signature header"), body, {"malformed-header": "seen"})
    # 3 tolerated-oddity
    add("upper-case hex", parlay(body, f"t={T},v1={good.upper()}"), body, {"tolerated-oddity": "proven", "malformed-header": "seen"}, original=body)
    add("space after the comma", parlay(body, f"t={T}, v1={good}"), body, {"tolerated-oddity": "proven", "malformed-header": "seen"}, original=body)
    add("quoted", parlay(body, f't={T},v1="{good}"'), body, {"tolerated-oddity": "proven"}, original=body)
    add("junk after v1", parlay(body, f"t={T},v1={good}zz"), body, {"tolerated-oddity": "proven"}, original=body)
    add("several v1, the right one first", parlay(body, f"t={T},v1={good},v1={'0' * 64}"), body, {"tolerated-oddity": "seen"})
    # 4 unreadable-timestamp
    ms = T * 1000
    add("milliseconds, signed so", parlay(body, f"t={ms},v1={sign(body, t=ms)}"), body,
        {"unreadable-timestamp": "proven"})
    add("milliseconds, seconds signed", parlay(body, f"t={ms},v1={good}"), body, {"unreadable-timestamp": "proven"}, original=body)
    add("no t, signed some seconds ago", parlay(body, f"v1={good}"), body, {"malformed-header": "seen", "unreadable-timestamp": "proven"}, original=body)
    add("no t, and a v0 beside", parlay(body, f"v1={good},v0={'0' * 64}"), body, {"malformed-header": "seen", "unreadable-timestamp": "proven"}, original=body)
    add("t is a word", parlay(body, f"t=now,v1={good}"), body, {"malformed-header": "seen", "unknown": "unknown"})
    add("no t, signed long ago", parlay(body, f"v1={sign(body, t=T - 4000)}"), body, {"malformed-header": "seen", "unknown": "unknown"})
    add("a date, signed so", parlay(body, f"t=2025-04-24T18:13:17Z,v1={sign(body, t='2025-04-24T18:13:17Z')}"), body,
        {"unreadable-timestamp": "proven", "malformed-header": "seen"}, original=body)
    add("a date, seconds signed", parlay(body, f"t=2025-04-24T18:13:17Z,v1={good}"), body, {"unreadable-timestamp": "proven"}, original=body)
    add("leading zeros", parlay(body, f"t=000{T},v1={good}"), body, {"unreadable-timestamp": "proven", "tolerated-oddity": "proven"}, original=body)
    add("a fraction", parlay(body, f"t={T}.482,v1={good}"), body, {"unreadable-timestamp": "proven"}, original=body)
    # 5 outside-window, 6 clock-replay-or-queue
    add("an hour old", parlay(body, head), body, {"outside-window": "proven", "clock-replay-or-queue": "likely"}, now=T + 3600)
    add("an hour ahead", parlay(body, head), body, {"outside-window": "proven", "clock-replay-or-queue": "likely"}, now=T - 3600)
    others = []
    for n in range(4):
        other = dict(DOCUMENT, id=f"evt_{n}")
        data = node(other).encode()
        others.append({"headers": parlay(data, f"t={T - 10 + n},v1={sign(data, t=T - 10 + n)}"), "body": b64(data),
                       "now": T + 3590 + n})
    add("all off by an hour", parlay(body, head), body, {"outside-window": "proven", "clock-replay-or-queue": "likely"},
        now=T + 3600, neighbours=others)
    add("the same signature again", parlay(body, head), body, {"outside-window": "proven", "clock-replay-or-queue": "likely"},
        now=T + 3600, neighbours=[{"headers": parlay(body, head), "body": b64(body), "now": T + 2}])
    # 7 retired-secret, 8 other-secret
    add("the old secret", parlay(body, f"t={T},v1={sign(body, OLD)}"), body, {"retired-secret": "proven"}, original=body)
    add("Parable's secret", parlay(body, f"t={T},v1={sign(body, PARABLE)}"), body, {"other-secret": "proven"}, original=body)
    # 9 damaged-secret: what the sender signs with, against what is configured here
    def damaged(name, configured, signer, **more):
        add(f"secret {name}", parlay(body, f"t={T},v1={sign(body, signer)}"), body, {"damaged-secret": "proven"},
            original=body, keyring=[["parlay", "parlay", configured, None]])
    damaged("with a newline", SECRET + "\n", SECRET)
    damaged("with spaces", "  " + SECRET + "\r\n", SECRET)
    damaged("without its newline", SECRET, SECRET + "\n")
    damaged("in quotes", f'"{SECRET}"', SECRET)
    damaged("in curly quotes and a space", f" \u201c{SECRET}\u201d", SECRET)
    damaged("behind a BOM", "\ufeff" + SECRET, SECRET)
    damaged("behind a no-break space", "\u00a0" + SECRET, SECRET)
    damaged("with a zero-width space inside", SECRET[:9] + "\u200b" + SECRET[9:], SECRET)
    damaged("stripped of whsec_", SECRET[6:], SECRET)
    damaged("with whsec_ added", SECRET, SECRET[6:])
    damaged("with v1, in front", "v1," + SECRET, SECRET)
    damaged("base64-decoded by the sender", SECRET, base64.b64decode(SECRET[6:]))
    damaged("hex-decoded by the sender", "00112233445566778899aabbccddeeff", bytes.fromhex("00112233445566778899aabbccddeeff"))
    damaged("with a literal \\n", SECRET + "\\n", SECRET)
    damaged("URL-encoded", urllib.parse.quote("whsec_a+b/c=d"), "whsec_a+b/c=d")
    damaged("pasted twice", SECRET * 2, SECRET)
    damaged("with the name of the variable", "PARLAY_SIGNING_SECRET=" + SECRET, SECRET)
    # 10 not-a-secret
    for name, shape in [("an API key", "pk_sandbox_123456"), ("masked", "whsec_****9fK2"), ("a variable", "${PARLAY_SIGNING_SECRET}")]:
        add(f"configured with {name}", parlay(body, head), body, {"not-a-secret": "seen"}, keyring=[["parlay", "parlay", shape, None]])
    # 11 newline-or-bom
    two = pretty(DOCUMENT).encode()
    def way(name, received, original, causes, **more):
        add(name, parlay(received, f"t={T},v1={sign(original)}"), received, causes, original=original, **more)
    way("newline added", body + b"\n", body, {"newline-or-bom": "proven"})
    way("trimmed", body, b" " + body + b"\n", {"newline-or-bom": "proven"})
    way("newlines added on both sides", b"\n" + body + b"\n", body, {"newline-or-bom": "proven"})
    way("BOM dropped", two, b"\xef\xbb\xbf" + two, {"newline-or-bom": "proven"})
    way("BOM and newline dropped", body, b"\xef\xbb\xbf" + body + b"\n", {"newline-or-bom": "proven"})
    way("CRLF to LF", two, two.replace(b"\n", b"\r\n"), {"newline-or-bom": "proven"})
    # 12 body-reserialised
    way("by a proxy in Python", python(DOCUMENT).encode(), go(DOCUMENT).encode(), {"body-reserialised": "proven"})
    way("upper-case escapes", body, re.sub(rb"\\u[0-9a-f]{4}", lambda m: b"\\u" + m[0][2:].upper(), compact(DOCUMENT, ascii_only=True).encode()),
        {"body-reserialised": "proven"})
    shuffled = {k: DOCUMENT[k] for k in ["event", "data", "id", "created_at", "livemode"]}
    twin = dict(shuffled, id="evt_twin")
    tw = node(twin).encode()
    way("keys sorted, order learnt from a neighbour", node(shuffled, sort=True).encode(), node(shuffled).encode(), {"body-reserialised": "proven"},
        neighbours=[{"headers": parlay(tw, f"t={T},v1={sign(tw)}"), "body": b64(tw), "now": T + 1}])
    way("behind a BOM and re-serialised", b"\xef\xbb\xbf" + python(DOCUMENT).encode(), body, {"body-reserialised": "proven", "newline-or-bom": "proven"})
    # 13 charset-damage
    way("UTF-8 read as Latin-1", latin1(body), body, {"charset-damage": "proven"})
    euro = node(dict(DOCUMENT, id="evt_€’")).encode()
    way("UTF-8 read as Windows-1252", b"".join(bytes([c]).decode("cp1252", "ignore").encode() or bytes([0xC2, c]) for c in euro), euro, {"charset-damage": "proven"})
    plain = node(dict(DOCUMENT, data={"analysis_id": "café"})).encode()
    way("converted to Latin-1", plain.decode().encode("latin-1"), plain, {"charset-damage": "proven"})
    way("converted to UTF-16", plain.decode().encode("utf-16"), plain, {"charset-damage": "proven"})
    bad = plain.replace("é".encode(), b"\xe9")
    way("signed as text", bad, bad.decode("utf-8", "replace").encode(), {"charset-damage": "proven"})
    way("U+FFFD in the body", bad.decode("utf-8", "replace").encode(), bad, {"charset-damage": "likely"}, open=True)
    # 14 truncated-body
    way("cut off", body[:120], body, {"truncated-body": "seen"}, open=True)
    way("the last brackets cut off", body[:-2], body, {"truncated-body": "proven"})
    add("shorter than it says", parlay(body[:-40] + b'"}}', head, extra=[("Content-Length", str(len(body)))]), body[:-40] + b'"}}', {"truncated-body": "seen"}, open=True)
    full = b'{"a":"' + b"x" * 4088 + b'"}'
    add("a round size", parlay(full, head), full, {"truncated-body": "likely"}, open=True)
    # 15 wrapped-body
    way("gzip", gzip.compress(body, mtime=0), body, {"wrapped-body": "proven"})
    way("deflate", zlib.compress(body), body, {"wrapped-body": "proven"})
    way("gzip, stored", gzip.compress(body, 0, mtime=0), body, {"wrapped-body": "proven"})
    long = node({"id": "evt_long", "event": "x", "data": [{"n": n, "text": "the quick brown fox %d" % (n * 7919 % 1000)} for n in range(400)]}).encode()
    way("gzip of a long body", gzip.compress(long, mtime=0), long, {"wrapped-body": "proven"})
    way("base64", base64.b64encode(body), body, {"wrapped-body": "proven"})
    way("base64 removed", body, base64.b64encode(body), {"wrapped-body": "proven"})
    way("a form", b"payload=" + urllib.parse.quote_plus(body).encode(), body, {"wrapped-body": "proven"})
    way("a JSON string", json.dumps(body.decode()).encode(), body, {"wrapped-body": "proven"})
    way("a JSON field", json.dumps({"isBase64Encoded": True, "body": b64(body)}).encode(), body, {"wrapped-body": "proven"})
    brotli = b"\x1b\x0f\x00\xf8\x25\x82\x90\x04"
    add("compressed with something else", parlay(brotli, head, extra=[("Content-Encoding", "br")]), brotli, {"wrapped-body": "seen"}, open=True)
    # 16 repeated-header
    add("header twice, the second is right", parlay(body, [f"t={T},v1={'0' * 64}", head]), body, {"repeated-header": "proven"}, original=body)
    add("header twice, none is right", parlay(body, [f"t={T},v1={'0' * 64}", f"t={T},v1={'1' * 64}"]), body, {"repeated-header": "seen"}, open=True)
    # 17 other-provider
    add("Parable's delivery under Parlay's header", [["X-Parlay-Signature", f"t={T},v1={sign(pbody, PARABLE)}"]] + pheaders("")[:3], pbody,
        {"other-provider": "proven"}, original=pbody)
    add("both headers, Parable's is right", parlay(body, f"t={T},v1={'0' * 64}", extra=[("x-parable-signature", f"t={T},v1={sign(body, PARABLE)}")]), body,
        {"other-provider": "proven"}, original=body)
    # 18 other-signed-text
    def form(name, text, digest="sha256", encode=lambda h: h.hex(), cause="other-signed-text"):
        mac = hmac.new(SECRET.encode(), text, digest).digest()
        add(f"signed {name}", parlay(body, f"t={T},v1={encode(mac)}"), body, {cause: "proven"}, original=body)
    at = str(T).encode()
    form("body alone", body)
    form("without a dot", at + body)
    form("with a colon", at + b":" + body)
    form("body first", body + b"." + at)
    form("as Slack does", b"v0:" + at + b":" + body)
    form("with SHA-1", at + b"." + body, "sha1")
    form("with SHA-512", at + b"." + body, "sha512")
    form("in base64", at + b"." + body, encode=lambda m: base64.b64encode(m).decode(), cause="digest-form")
    # 19 header-body-disagree
    add("another event in the header", parlay(body, f"t={T},v1={'0' * 64}", event="playbook.published"), body, {"header-body-disagree": "seen"}, open=True)
    add("another delivery in the header", pheaders(f"t={T},v1={'0' * 64}", delivery="other"), pbody, {"header-body-disagree": "seen"}, open=True)
    # 20 edited-in-transit
    before = {"headers": parlay(body, head), "body": b64(body), "now": T + 1}
    changed = edited(body)
    add("a retry with another body", parlay(changed, f"t={T + 60},v1={sign(body, t=T + 60)}"), changed, {"edited-in-transit": "proven"},
        original=body, now=T + 61, neighbours=[before])
    add("an id seen before, nothing matches", parlay(changed, f"t={T + 60},v1={'0' * 64}"), changed, {"edited-in-transit": "likely"},
        now=T + 61, neighbours=[before], open=True)
    # pairs
    def pair(name, received, header, causes, original, **more):
        add(f"pair: {name}", parlay(received, header), received, causes, original=original, **more)
    pair("old secret and newline", body + b"\n", f"t={T},v1={sign(body, OLD)}", {"retired-secret": "proven", "newline-or-bom": "proven"}, body)
    pair("damaged secret and Python", python(DOCUMENT).encode(), f"t={T},v1={sign(body, SECRET[6:])}", {"damaged-secret": "proven", "body-reserialised": "proven"}, body)
    pair("body alone and Python", python(DOCUMENT).encode(), f"t={T},v1={hub}", {"other-signed-text": "proven", "body-reserialised": "proven"}, body)
    pair("upper case and Python", python(DOCUMENT).encode(), f"t={T},v1={good.upper()}", {"tolerated-oddity": "proven", "body-reserialised": "proven"}, body)
    pair("stale and newline", body + b"\n", head, {"outside-window": "proven", "newline-or-bom": "proven"}, body, now=T + 4000)
    # nothing of the table
    add("a secret nobody knows", parlay(body, f"t={T},v1={sign(body, 'whsec_nobody')}"), body, {"wrong-secret": "likely"}, open=True)
    add("edited", parlay(changed, head), changed, {"wrong-secret": "likely"}, open=True)
    add("no secret here", parlay(body, head), body, {"unknown": "unknown"}, open=True, keyring=[])
    add("valid", parlay(body, head), body, {})
    return out


for name, cases in [("styles.json", styles()), ("causes.json", causes())]:
    (HERE / name).write_text(json.dumps(cases, indent=0) + "\n")
    print(name, len(cases))
