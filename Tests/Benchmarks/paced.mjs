// paced.mjs PORT RATE COUNT [forged]: posts COUNT different signed deliveries, or as many with a wrong signature,
// RATE of them a second, and prints as JSON how many were answered as is due, the percentiles of the time from
// writing a request to its answer in milliseconds, and the bytes of one delivery that a receiver keeps. It never
// waits for an answer before the next one is due, so a receiver that stalls is seen to stall.
import { connect } from "node:net";
import { signed } from "./delivery.mjs";

const [port, rate, count] = process.argv.slice(2, 5).map(Number);
const isForged = process.argv[5] === "forged";
const due = `HTTP/1.1 ${isForged ? 401 : 200} `;
const connections = 32;
const times = [];
let asDue = 0;
let sent = 0;
let ownBytes = 0;

function open() {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  const waiting = [];
  socket.setEncoding("latin1");
  let rest = "";
  socket.on("data", (text) => {
    rest += text;
    // The answers to deliveries have no body, so each ends with its empty line.
    for (let end; (end = rest.indexOf("\r\n\r\n")) >= 0; rest = rest.slice(end + 4)) {
      if (rest.startsWith(due)) asDue += 1;
      times.push(performance.now() - waiting.shift());
      if (times.length === count) finish();
    }
  });
  socket.on("error", (error) => {
    console.error(`paced.mjs: ${error.message}`);
    process.exit(1);
  });
  return { socket, waiting };
}

function post({ socket, waiting }) {
  const { body, headers } = signed(sent);
  const name = "X-Parlay-Signature";
  if (isForged) headers[name] = headers[name].replace(/.{64}$/, "5a".repeat(32));
  sent += 1;
  const all = { Host: `127.0.0.1:${port}`, "Content-Length": body.length, ...headers };
  const fields = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  // What hooktop keeps of it: the target, the names, the values and the body.
  ownBytes = 1 + body.length + fields.reduce((sum, field) => sum + field.length - 4, 0);
  waiting.push(performance.now());
  socket.write(`POST / HTTP/1.1\r\n${fields.join("")}\r\n${body}`);
}

function finish() {
  times.sort((one, other) => one - other);
  const at = (part) => times[Math.min(times.length - 1, Math.floor(times.length * part))];
  console.log(JSON.stringify({ asDue, p50: at(0.5), p99: at(0.99), p999: at(0.999), ownBytes }));
  process.exit(0);
}

const pool = Array.from({ length: connections }, open);
const start = performance.now();
const pace = setInterval(() => {
  const target = Math.min(count, Math.floor(((performance.now() - start) / 1000) * rate));
  while (sent < target) post(pool[sent % connections]);
  if (sent === count) clearInterval(pace);
}, 1);
