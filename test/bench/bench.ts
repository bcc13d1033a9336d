import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";
import { contextName } from "../cluster/kubeconfig.ts";
import { benchCluster } from "./benchCluster.ts";
import { optionsVariable } from "./options.ts";

/** Measures what everything costs, beside others, and writes `bench/RESULTS.md`: `npm run bench`. */

const { values } = parseArgs({
  options: {
    pairs: { type: "string", default: "5" },
    only: { type: "string", default: "" },
    parallel: { type: "string", default: "64" },
    scale: { type: "string", default: "1" },
  },
});

function count(name: "pairs" | "parallel"): number {
  const number = Number(values[name]);
  if (Number.isInteger(number) && number > 0) return number;
  throw new Error(`--${name} must be a whole number from 1 on, got ${JSON.stringify(values[name])}`);
}

const only = values.only.split(",").filter(Boolean);
const scale = Number(values.scale);
if (!(scale > 0 && scale <= 1)) throw new Error(`--scale must be above 0 and at most 1, got ${values.scale}`);
const options = optionsVariable({ pairs: count("pairs"), only, parallel: count("parallel"), scale });
const { name, kubeconfig } = await benchCluster();
const place = { KUBECONFIG: kubeconfig, PULUMI_JOBRUN_TEST_CONTEXT: contextName(name) };
// A row that has failed may leave a provider behind, which would keep jest from ending.
const { status } = spawnSync("jest", ["--selectProjects", "bench", "--forceExit"], {
  stdio: "inherit",
  env: { ...process.env, ...place, ...options },
});
process.exitCode = status ?? 1;
