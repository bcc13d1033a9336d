import { afterAll, beforeAll, describe, it, jest } from "@jest/globals";
import { loadavg } from "node:os";
import { run as ran } from "../cluster/command.ts";
import { repositoryRoot } from "../cluster/paths.ts";
import { bed } from "../support/bed";
import { type Proxy, startProxy } from "../rig/proxy";
import { targetOf } from "../rig/target";
import { type Api, openApi } from "./api";
import { lodging } from "./lodging";
import { machine } from "./machine";
import { options } from "./options";
import { isMet, page } from "./report";
import { readResults, renewed, type Result, writeResults } from "./results";
import { type Bench, figures, type Row } from "./row";
import { rows } from "./rows";

jest.setTimeout(3_600_000);

const { only, parallel, scale } = options();
const chosen = rows.filter(({ id }) => only.length === 0 || only.includes(id));
let api: Api;
let proxy: Proxy;
/** What is measured was built before the first row. */
let commit = "";

beforeAll(async () => {
  commit = (await ran(["git", "describe", "--always", "--dirty"], { cwd: repositoryRoot() })).trim();
  api = await openApi();
  const { kubectl, kubeconfig, context } = bed();
  proxy = await startProxy(await targetOf(kubectl, ["--kubeconfig", kubeconfig, "--context", context]), { context });
});
afterAll(async () => {
  for (const { close } of chosen) await close?.();
  await proxy.close();
  await api.close();
});

const benchFor = ({ mostPairs = Infinity }: Row): Bench => ({
  ...options(),
  pairs: Math.min(options().pairs, mostPairs),
  api,
  count: (full) => Math.max(1, Math.round(full * scale)),
  namespace: lodging,
  counted: (place, client) => {
    const kubeconfig = proxy.kubeconfig(client);
    return { place: { ...place, kubeconfig }, traffic: () => proxy.history.counts(client) };
  },
});

const load = (): number => Number((loadavg()[0] ?? NaN).toFixed(1));

async function measured(row: Row, bench: Bench): Promise<Result> {
  const { take, taken } = figures();
  const [begun, before] = [performance.now(), load()];
  await row.measure(bench, take);
  const seconds = Math.round((performance.now() - begun) / 1_000);
  const date = new Date().toISOString().slice(0, 16).replace("T", " ");
  const run = { date, commit, pairs: bench.pairs, parallel, scale, seconds, load: [before, load()] } as const;
  return { id: row.id, figures: taken, run };
}

describe("what it costs", () => {
  // Each row is written as soon as it is measured: a run that is broken off has lost nothing but the row at hand.
  it.each(chosen.map((row) => [row.id, row.title, row] as const))("%s %s", async (_id, _title, row) => {
    const result = await measured(row, benchFor(row));
    const results = renewed(readResults(), machine(), result);
    writeResults(results, page(results, rows));
    const met = row.targets.filter((target) => isMet(result, target)).length;
    console.log(`${row.id}: ${result.run.seconds} s, ${met} of ${row.targets.length} targets met`);
  });
});
