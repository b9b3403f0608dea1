#!/usr/bin/env python3
"""Signs and verifies webhooks as their senders do, with Python's hmac, cryptography and the senders' own libraries:
nothing of what verifies in hooktop signs here.

    senders.py make     prints senders.json: a signed request of each sender, and the same signed with another secret
    senders.py verify   reads {"name", "secret", "url", "headers", "body"} lines (body in base64), and says of each
                        whether the sender's own library, or else hmac, accepts it: {"name", "ok", "by"} lines

The libraries, from PyPI, are only used where they are installed: stripe, standardwebhooks, svix, slack-sdk, retell-sdk,
hubspot-api-client, paddle-python-sdk, squareup, workos, elevenlabs, razorpay, discord-interactions, sendgrid. `make`
needs cryptography as well.
"""

import base64
import datetime
import hashlib
import hmac
import json
import sys
import time

NOW = 1745518397
URL = "https://hooks.example.test/in?a=1"
BODY = (
    '{"id":"evt_1","type":"order.paid","event":"order.paid","text":"Zoë & 田中 🚀 <b>R&D/Ops</b>\u2028next",'
    '"ratio":1.0,"extra":{},"number":12345678901234567,"webhookTimestamp":%d}' % (NOW * 1000)
).encode()


# The libraries ask for the time, and some of them remember whom to ask: it is that of the request in hand.
clock = NOW
time.time = lambda: clock


class Then(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return datetime.datetime.fromtimestamp(clock, tz)


def mac(key, text, digest="sha256"):
    return hmac.new(key if isinstance(key, bytes) else key.encode(), text, digest)


def hexed(key, text, digest="sha256"):
    return mac(key, text, digest).hexdigest()


def based(key, text):
    return base64.b64encode(mac(key, text).digest()).decode()


def standard(family):
    def sign(secret, body, now, url):
        key = base64.b64decode(secret.removeprefix("whsec_"))
        signature = based(key, b"msg_1.%d." % now + body)
        return {f"{family}-id": "msg_1", f"{family}-timestamp": str(now), f"{family}-signature": "v1," + signature}

    return sign


def timed(header, form="t={t},v1={h}", text=b"%d.", unit=1):
    """A header with the time in it, over the time, a sign and the body."""

    def sign(secret, body, now, url):
        t = now * unit
        return {header: form.format(t=t, h=hexed(secret, text % t + body))}

    return sign


def plain(header, form="{}", digest="sha256"):
    return lambda secret, body, now, url: {header: form.format(hexed(secret, body, digest))}


def plain64(header, form="{}"):
    return lambda secret, body, now, url: {header: form.format(based(secret, body))}


def versioned(header, time_header):
    def sign(secret, body, now, url):
        return {time_header: str(now), header: "v0=" + hexed(secret, b"v0:%d:" % now + body)}

    return sign


def retell(secret, body, now, url):
    t = now * 1000
    return {"X-Retell-Signature": f"v={t},d={hexed(secret, body + str(t).encode())}"}


def hubspot(secret, body, now, url):
    t = str(now * 1000)
    signature = based(secret, b"POST" + url.encode() + body + t.encode())
    return {"X-HubSpot-Request-Timestamp": t, "X-HubSpot-Signature-v3": signature}


def square(secret, body, now, url):
    return {"x-square-hmacsha256-signature": based(secret, url.encode() + body)}


def zendesk(secret, body, now, url):
    t = datetime.datetime.fromtimestamp(now, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    signature = based(secret, t.encode() + body)
    return {"X-Zendesk-Webhook-Signature-Timestamp": t, "X-Zendesk-Webhook-Signature": signature}


def gitlab(secret, body, now, url):
    return {"X-Gitlab-Token": secret}


SENDERS = {
    "parlay": timed("X-Parlay-Signature"),
    "parable": timed("x-parable-signature"),
    "stripe": timed("Stripe-Signature"),
    "standard-webhooks": standard("webhook"),
    "svix": standard("svix"),
    "github": plain("X-Hub-Signature-256", "sha256={}"),
    "shopify": plain64("X-Shopify-Hmac-SHA256"),
    "slack": versioned("X-Slack-Signature", "X-Slack-Request-Timestamp"),
    "zoom": versioned("x-zm-signature", "x-zm-request-timestamp"),
    "paddle": timed("Paddle-Signature", "ts={t};h1={h}", b"%d:"),
    "linear": plain("Linear-Signature"),
    "workos": timed("WorkOS-Signature", "t={t}, v1={h}", unit=1000),
    "elevenlabs": timed("ElevenLabs-Signature", "t={t},v0={h}"),
    "retell": retell,
    "calendly": timed("Calendly-Webhook-Signature"),
    "hubspot": hubspot,
    "square": square,
    "typeform": plain64("Typeform-Signature", "sha256={}"),
    "zendesk": zendesk,
    "lemon-squeezy": plain("X-Signature"),
    "razorpay": plain("X-Razorpay-Signature"),
    "sentry": plain("Sentry-Hook-Signature"),
    "vercel": plain("x-vercel-signature", digest="sha1"),
    "intercom": plain("X-Hub-Signature", "sha1={}", digest="sha1"),
    "gitlab": gitlab,
}


# What the senders' own libraries say; each raises, or gives False, for what they refuse.

def by_stripe(secret, headers, body, url):
    import stripe

    return stripe.WebhookSignature.verify_header(body.decode(), headers["stripe-signature"], secret, 300)


def by_standardwebhooks(secret, headers, body, url):
    import standardwebhooks.webhooks

    standardwebhooks.webhooks.datetime = Then
    from standardwebhooks import Webhook

    Webhook(secret).verify(body, headers)
    return True


def by_svix(secret, headers, body, url):
    import standardwebhooks.webhooks

    standardwebhooks.webhooks.datetime = Then
    from svix.webhooks import Webhook

    Webhook(secret).verify(body, headers)
    return True


def by_slack_sdk(secret, headers, body, url):
    from slack_sdk.signature import SignatureVerifier

    return SignatureVerifier(secret).is_valid_request(body, headers)


def by_retell(secret, headers, body, url):
    from retell.lib.webhook_auth import verify

    return verify(body.decode(), secret, headers["x-retell-signature"])


def by_hubspot(secret, headers, body, url):
    import hubspot.utils.signature

    hubspot.utils.signature.datetime = Then
    from hubspot.utils.signature import Signature

    return Signature.is_valid(
        headers["x-hubspot-signature-v3"], secret, body.decode(), url, "POST", "v3",
        headers["x-hubspot-request-timestamp"])


def by_paddle(secret, headers, body, url):
    from types import SimpleNamespace

    from paddle_billing.Notifications import Secret, Verifier

    return Verifier().verify(
        SimpleNamespace(headers={"Paddle-Signature": headers["paddle-signature"]}, body=body), Secret(secret))


def by_square(secret, headers, body, url):
    from square.utils.webhooks_helper import verify_signature

    return verify_signature(
        request_body=body.decode(), signature_header=headers["x-square-hmacsha256-signature"],
        signature_key=secret, notification_url=url)


def by_workos(secret, headers, body, url):
    from workos.webhooks._verification import verify_header

    verify_header(event_body=body, event_signature=headers["workos-signature"], secret=secret)
    return True


def by_elevenlabs(secret, headers, body, url):
    from elevenlabs.webhooks_custom import WebhooksClient

    WebhooksClient.construct_event(None, body.decode(), headers["elevenlabs-signature"], secret)
    return True


def by_razorpay(secret, headers, body, url):
    from razorpay import Utility

    return Utility().verify_webhook_signature(body.decode(), headers["x-razorpay-signature"], secret)


def by_discord_interactions(secret, headers, body, url):
    from discord_interactions import verify_key

    return verify_key(body, headers["x-signature-ed25519"], headers["x-signature-timestamp"], secret)


def by_sendgrid(secret, headers, body, url):
    from sendgrid.helpers.eventwebhook import EventWebhook

    name = "x-twilio-email-event-webhook-"
    return EventWebhook(secret).verify_signature(body.decode(), headers[name + "signature"], headers[name + "timestamp"])


LIBRARIES = {
    "stripe": by_stripe, "standard-webhooks": by_standardwebhooks, "svix": by_svix, "slack": by_slack_sdk,
    "retell": by_retell, "hubspot": by_hubspot, "paddle": by_paddle, "square": by_square, "workos": by_workos,
    "elevenlabs": by_elevenlabs, "razorpay": by_razorpay, "discord": by_discord_interactions, "sendgrid": by_sendgrid,
}


def by_hmac(name, secret, headers, body, url):
    """Signs again what the request says, and compares all that is sent for it."""
    if name == "zendesk":
        stamp = headers["x-zendesk-webhook-signature-timestamp"].encode()
        return headers["x-zendesk-webhook-signature"] == based(secret, stamp + body)
    expected = SENDERS[name](secret, body, moment(headers), url)
    return all(headers.get(key.lower()) == value for key, value in expected.items())


def moment(headers):
    """The time that a request says it was signed at, in seconds."""
    stamps = [value for key, value in headers.items() if key.endswith("timestamp")]
    parts = [part.strip().partition("=") for value in headers.values() for part in value.replace(";", ",").split(",")]
    stamps += [value for name, _, value in parts if name in ("t", "ts", "v")]
    t = next((int(stamp) for stamp in stamps if stamp.isdigit()), 0)
    return t // 1000 if t > 10**11 else t


def accepts(name, secret, headers, body, url):
    """Whether a request is right, and who says so; the clock of this process must be the request's."""
    headers = {key.lower(): value for key, value in headers.items()}
    if name in LIBRARIES:
        library = LIBRARIES[name]
        try:
            return bool(library(secret, headers, body, url)), library.__name__[3:]
        except ImportError:
            if name not in SENDERS:
                raise
        except Exception as error:
            return False, f"{library.__name__[3:]}: {error!r}"
    return by_hmac(name, secret, headers, body, url), "hmac"


def private_keys():
    """Discord and SendGrid sign with private keys: new ones for each making of the file."""
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519

    def discord():
        key = ed25519.Ed25519PrivateKey.generate()
        public = key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw).hex()
        t = str(NOW)
        return public, {"X-Signature-Timestamp": t, "X-Signature-Ed25519": key.sign(t.encode() + BODY).hex()}

    def sendgrid():
        key = ec.generate_private_key(ec.SECP256R1())
        spki = serialization.PublicFormat.SubjectPublicKeyInfo
        public = base64.b64encode(key.public_key().public_bytes(serialization.Encoding.DER, spki)).decode()
        t = str(NOW)
        signature = base64.b64encode(key.sign(t.encode() + BODY, ec.ECDSA(hashes.SHA256()))).decode()
        name = "X-Twilio-Email-Event-Webhook-"
        return public, {name + "Timestamp": t, name + "Signature": signature}

    return {"discord": discord, "sendgrid": sendgrid}


def make():
    rows = []
    for name, sign in SENDERS.items():
        prefix = "whsec_" if name in ("standard-webhooks", "svix") else ""
        secret, other = (prefix + base64.b64encode(hashlib.sha256((name + word).encode()).digest()).decode() for word in ("", "-old"))
        rows.append((name, secret, other, sign(secret, BODY, NOW, URL), sign(other, BODY, NOW, URL)))
    for name, keys in private_keys().items():
        (secret, headers), (other, others) = keys(), keys()
        rows.append((name, secret, other, headers, others))
    vectors = []
    for name, secret, other, headers, others in rows:
        ok, by = accepts(name, secret, headers, BODY, URL)
        if not ok:
            sys.exit(f"senders.py: {name} is refused by {by}")
        vectors.append(
            {"name": name, "secret": secret, "other_secret": other, "now": NOW, "url": URL, "headers": headers,
             "other_headers": others, "body": base64.b64encode(BODY).decode(), "accepted_by": by})
    print(json.dumps(vectors, indent=1, sort_keys=True))


def verify():
    global clock
    for line in sys.stdin:
        row = json.loads(line)
        clock = row["now"]
        ok, by = accepts(row["name"], row["secret"], row["headers"], base64.b64decode(row["body"]), row["url"])
        print(json.dumps({"name": row["name"], "ok": ok, "by": by}))


if __name__ == "__main__":
    {"make": make, "verify": verify}[sys.argv[1]]()
