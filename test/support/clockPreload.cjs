/**
 * Loaded into the provider's process by NODE_OPTIONS, which then has another clock than the cluster: JOBRUN_CLOCK says from which second of
 * the process on it is wrong, and by how many seconds. Time itself goes by as ever, as on a machine whose clock is set.
 */
"use strict";
const { performance } = require("node:perf_hooks");
const [from, by] = process.env.JOBRUN_CLOCK.split(":").map((seconds) => Number(seconds) * 1_000);
const RealDate = Date;
const now = () => RealDate.now() + (performance.now() < from ? 0 : by);

globalThis.Date = new Proxy(RealDate, {
  get: (target, key) => (key === "now" ? now : Reflect.get(target, key)),
  construct: (target, given) => new target(...(given.length === 0 ? [now()] : given)),
});
