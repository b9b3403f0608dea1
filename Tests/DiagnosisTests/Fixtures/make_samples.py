#!/usr/bin/env python3
"""Records what the providers' sample verifiers do with odd headers, by running them.

    python3 make_samples.py PROVIDERS   # the folder with the providers' documentation; needs node; writes samples.json

The samples are taken from the documentation when this runs and are not kept. Deterministic for one version of
node and Python each.
"""
import base64, hashlib, hmac, json, random, re, subprocess, sys
from pathlib import Path

HERE = Path(__file__).parent
NOW = 1745518397
SECRET = "whsec_test_secret"


def code(text, start, end):
    begin = text.index(start)
    return text[begin:text.index(end, begin) + len(end)]


providers = Path(sys.argv[1])
parlay = (providers / "parlay-webhooks.txt").read_text()
parable = (providers / "parable-webhooks.txt").read_text()
parlay_ts = code(parlay, "function verifyParlaySignature", "\n}")
parlay_ts = re.sub(r": (string|boolean)\b", "", parlay_ts).replace(" as [string, string]", "")
parable_ts = code(parable, "function verify(", "\n}")
parlay_py = code(parlay, "import hmac, hashlib, time", "compare_digest(expected, v1)")

random.seed(4711)
TIMES = [str(NOW), f" {NOW}", f"{NOW} ", f"+{NOW}", f"-{NOW}", f"0{NOW}", f"{NOW}.0", f"{NOW}.", f"{NOW}.25", ".5", ".", "",
         "1.745518397e9", "1745518397e0", "17455183970e-1", "1e400", "-1e400", hex(NOW), hex(NOW).upper(), oct(NOW), bin(NOW),
         "0x", "1_745_518_397", "_1745518397", "1745518397_", "1__745518397", "NaN", "Infinity", "-Infinity", "+Infinity",
         "undefined", "null", "true", "[]", "\u00a01745518397", "\ufeff1745518397", "\u20281745518397", "\u180e1745518397",
         "\u00851745518397", "\u200b1745518397", "\x1c1745518397", "\x1c\u0661", "\u0661\u0667\u0664\u0665\u0665\u0661\u0668\u0663\u0669\u0667",
         "\uff11745518397", "\u00b2", "\u2167", "1745518397\x00", "0" * 4290 + str(NOW), "0" * 4291 + str(NOW), "9" * 308, "9" * 309, "9" * 4300,
         "9" * 4301, "17455183970000000000000e-13", "1745518397.0000001", "1745518397.00000001", "0", "-0", "0.0", "1e-400", "\t1745518397\n",
         "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"), str(NOW + 300), str(NOW + 301), str(NOW - 300), str(NOW - 301)]
BODIES = [b'{"a":1}', b'{"a":"\xe2\x82"}', b"\xff\xfe\x00", b"\xef\xbb\xbf{}", b"", b"\xf0\x9f\x98\x80", b"\xf0\x9f\x98", b"\xed\xa0\x80", b"\xc0\xaf\xe0\x80\xaf",
          b"\xf4\x90\x80\x80"]


def mac(text, body):
    return hmac.new(SECRET.encode(), text + b"." + body, hashlib.sha256).hexdigest()


def signed(t, body):
    """A MAC that one of the samples may well expect."""
    texts = [t.encode("utf-8", "replace"), str(NOW).encode(), f"{NOW}.25".encode(), b"NaN", b"undefined", b"0"]
    form = random.choice([body, body, body.decode("utf-8", "replace").encode()])
    return mac(random.choice(texts[:3] + texts[:2] * 2 + texts), form)


def spoilt(v1):
    return random.choice([
        v1, v1, v1, v1, v1.upper(), v1[:-1], v1[:-2], v1 + "a", v1 + "zz", v1 + " ", " " + v1, v1 + "=x", "=" + v1, "", v1[:63] + "\u00e9",
        "".join(chr(ord(c) + 0x100) if i == 5 else c for i, c in enumerate(v1)), "\u0100" + v1, v1[:62] + "\U0001F600", "z" + v1[1:], v1 + "\x00",
        base64.b64encode(bytes.fromhex(v1)).decode(), "".join(chr(0xFEE0 + ord(c)) for c in v1)])


def header(t, v1):
    t, v1 = f"t={t}", f"v1={v1}"
    return random.choice([
        f"{t},{v1}", f"{t},{v1}", f"{t},{v1}", f"{t},{v1}", f"{t},{v1}", f"{v1},{t}", f"{t}, {v1}", f"{t},{v1},", f",{t},{v1}", f"{t},foo,{v1}",
        f"{t},v0=00,{v1}", f"t=1,{t},{v1}", f"{t},{v1},v1={'0' * 64}", f"{t},v1=00,{v1}", f"{t};{v1}", v1, t, "", "t", f"{t},v1", f"T{t[1:]},{v1}",
        f"{t},__proto__=1,{v1}", f"{t},constructor=1,{v1}", f"{t},=x,{v1}", f"{t},{v1},t", f"t=={t[2:]},{v1}"])


cases = []
for t in TIMES * 10 + [random.choice(TIMES[:9]) for _ in range(400)]:
    body = random.choice(BODIES)
    now = random.choice([NOW, NOW + 0.001, NOW - 0.001, NOW + 0.9995])
    if len(cases) % 2:
        # Only one thing odd at a time, so that many are accepted.
        cases.append({"header": f"t={t},v1={signed(t, body)}", "body_b64": base64.b64encode(body).decode(), "now": now})
        continue
    cases.append({"header": header(t, spoilt(signed(t, body))), "body_b64": base64.b64encode(body).decode(), "now": now})

runner = """
const crypto = require("node:crypto"); const { createHmac, timingSafeEqual } = crypto;
%s
%s
const cases = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
const run = (f) => { try { return f() ? "accept" : "reject" } catch (e) { return e.name } };
console.log(JSON.stringify(cases.map((c) => {
  Date.now = () => Math.floor(c.now * 1000);
  const body = Buffer.from(c.body_b64, "base64");
  return [run(() => verifyParlaySignature(body, c.header, %s)), run(() => verify(body, c.header, %s))];
})));
""" % (parlay_ts, parable_ts, json.dumps(SECRET), json.dumps(SECRET))
found = json.loads(subprocess.run(["node", "-e", runner], input=json.dumps(cases), capture_output=True, text=True, check=True).stdout)

space = {}
exec(parlay_py, space)
for case, (one, other) in zip(cases, found):
    space["time"].time = lambda: float(case["now"])
    try:
        result = "accept" if space["verify_parlay_signature"](base64.b64decode(case["body_b64"]), case["header"], SECRET) else "reject"
    except Exception as error:
        result = type(error).__name__
    case.update(parlay_ts=one, parlay_py=result, parable_ts=other)

(HERE / "samples.json").write_text(json.dumps({"secret": SECRET, "cases": cases}, indent=0) + "\n")
for name in ["parlay_ts", "parlay_py", "parable_ts"]:
    print(name, {kind: sum(c[name] == kind for c in cases) for kind in sorted({c[name] for c in cases})})
