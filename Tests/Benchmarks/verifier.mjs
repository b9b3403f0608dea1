// The receiver that Parlay's documentation leads to, in Node: verify the raw body, then answer.
// verifier.mjs PORT
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";

const secret = process.env.PARLAY_SIGNING_SECRET;
const tolerance = 300;

function isGenuine(body, header) {
  const fields = new Map();
  for (const field of (header ?? "").split(",")) {
    const [name, value] = field.split("=");
    fields.set(name, value);
  }
  const time = fields.get("t");
  const claimed = Buffer.from(fields.get("v1") ?? "", "hex");
  if (!(Math.abs(Date.now() / 1000 - Number(time)) <= tolerance)) return false;
  const expected = createHmac("sha256", secret).update(`${time}.`).update(body).digest();
  return claimed.length === expected.length && timingSafeEqual(claimed, expected);
}

const server = createServer((request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    const body = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
    const status = isGenuine(body, request.headers["x-parlay-signature"]) ? 200 : 401;
    response.writeHead(status, { "Content-Length": 0 }).end();
  });
});
server.listen(Number(process.argv[2]), "127.0.0.1");
