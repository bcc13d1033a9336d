/**
 * Loaded into the provider's process by NODE_OPTIONS. It sees the writes to the API server, and as its variables say, keeps a list of them,
 * holds one back, or kills its own process at one: nothing of this is known to the provider.
 */
"use strict";
const { subscribe } = require("node:diagnostics_channel");
const { appendFileSync, existsSync } = require("node:fs");

const { JOBRUN_WRITES: list, JOBRUN_CRASH: crash, JOBRUN_HOLD: hold } = process.env;
const numbers = new WeakMap();
let count = 0;

/** The n-th write of the process, and whether it dies when the write was sent or when it was answered. */
const [at, moment] = (crash ?? "").split(":");
/** Text that the write's line contains, and the file that has to go first. */
const [held, gate] = (hold ?? "").split("|");

subscribe("undici:request:create", ({ request }) => {
  if (request.method === "GET" || !/^[/]apis?[/]/.test(request.path)) return;
  const line = `${request.method} ${request.path} ${String(request.body ?? "")}`;
  numbers.set(request, ++count);
  if (list) appendFileSync(list, `${line.replaceAll("\n", " ")}\n`);
  if (held && line.includes(held)) waitWithout(gate);
});

subscribe("undici:request:bodySent", ({ request }) => dieAt(request, "sent"));
subscribe("undici:request:trailers", ({ request }) => dieAt(request, "answered"));

function dieAt(request, now) {
  if (at === String(numbers.get(request)) && moment === now) process.kill(process.pid, "SIGKILL");
}

/** Stops the whole process until the file is gone; creates nothing, answers nothing. */
function waitWithout(file) {
  appendFileSync(`${file}.reached`, "");
  while (existsSync(file)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
}
