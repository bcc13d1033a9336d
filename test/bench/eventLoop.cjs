// Loaded into a provider's process: writes the 99th percentile of the event loop's delay, in milliseconds, when asked by SIGUSR2.
const { writeFileSync } = require("node:fs");
const { monitorEventLoopDelay } = require("node:perf_hooks");

const RESOLUTION = 5;
const delay = monitorEventLoopDelay({ resolution: RESOLUTION });
delay.enable();
process.on("SIGUSR2", () =>
  writeFileSync(process.env.EVENT_LOOP_DELAY, `${(delay.percentile(99) / 1e6 - RESOLUTION).toFixed(1)}\n`),
);
