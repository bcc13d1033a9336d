import { createRequire } from "node:module";

/** Measures what one check of a typical run costs, and prints it: `npm run bench:check`. */

const require = createRequire(import.meta.url);
const { checkRun } =
  require("../../dist/provider/core/spec/check.js") as typeof import("../../provider/core/spec/check.ts");

const definition = {
  image: "registry.example.com/team/report:1.4",
  command: ["sh", "-c", "report --part $JOB_INDEX"],
  env: Array.from({ length: 20 }, (_, i) => ({ name: `VARIABLE_${i}`, value: `value ${i}` })),
  arrayIndices: "1-5,7-8,10",
  retryLimit: 1,
};
const run = { job: "report", jobDefinition: definition, env: [{ name: "EXTRA", value: "1" }], memory: "8G" };
const options = {
  identity: { urn: "urn:pulumi:dev::bench::jobrun:index:JobRun::run", name: "run" },
  secretPaths: [],
  strict: false,
};

const ROUNDS = 2_000;
checkRun({}, run, options);
const start = performance.now();
for (let i = 0; i < ROUNDS; i++) checkRun({}, run, options);
const milliseconds = (performance.now() - start) / ROUNDS;
console.log(`one check of a run with 21 variables: ${milliseconds.toFixed(3)} ms (mean of ${ROUNDS})`);
