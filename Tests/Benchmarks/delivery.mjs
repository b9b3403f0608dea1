// One signed Parlay delivery of 412 bytes, as everything here posts it.
// As a command it prints that delivery, signed now: as a script for wrk (`parlay`, or `hub` for servers that know
// an HMAC of the body alone), or as JSON for those servers (`json`).
import { createHmac } from "node:crypto";

const length = 412;

/** The body, the same but for its id, which has always eight digits. */
function bodyOf(number) {
  const start =
    `{"id":"evt_${String(number).padStart(8, "0")}","event":"analysis.completed","livemode":false,` +
    `"created_at":"2026-01-01T00:00:00Z","data":{"analysis_id":"an_1","status":"completed","note":"`;
  return start + "x".repeat(length - start.length - 3) + '"}}';
}

/** Body and header fields of delivery `number`, signed for this second with PARLAY_SIGNING_SECRET. */
export function signed(number) {
  const body = bodyOf(number);
  const seconds = Math.floor(Date.now() / 1000);
  const code = createHmac("sha256", process.env.PARLAY_SIGNING_SECRET).update(`${seconds}.${body}`).digest("hex");
  const headers = {
    "Content-Type": "application/json",
    "User-Agent": "parlay-webhook/1",
    "X-Parlay-Event": "analysis.completed",
    "X-Parlay-Delivery": `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`,
    "X-Parlay-Signature": `t=${seconds},v1=${code}`,
  };
  return { body, headers };
}

/** The same delivery with its signature as GitHub sends it, which is of the body alone. */
function signedAsHub() {
  const { body, headers } = signed(0);
  const code = createHmac("sha256", process.env.PARLAY_SIGNING_SECRET).update(body).digest("hex");
  delete headers["X-Parlay-Signature"];
  return { body, headers: { ...headers, "X-Hub-Signature-256": `sha256=${code}` } };
}

function wrkScript({ body, headers }) {
  const fields = Object.entries(headers).map(([name, value]) => `wrk.headers["${name}"] = "${value}"`);
  return `wrk.method = "POST"
wrk.body = [==[${body}]==]
${fields.join("\n")}
function done(summary)
  local errors = summary.errors
  local failed = errors.status + errors.connect + errors.read + errors.write + errors.timeout
  print("result", summary.requests, summary.duration, failed)
end`;
}

if (import.meta.filename === process.argv[1]) {
  const variant = process.argv[2];
  const delivery = variant === "parlay" ? signed(0) : signedAsHub();
  console.log(variant === "json" ? JSON.stringify(delivery) : wrkScript(delivery));
}
