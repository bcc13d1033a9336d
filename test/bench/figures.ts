import { afterAll, beforeAll, describe, it, jest } from "@jest/globals";
import { loadavg } from "node:os";
import { run } from "../cluster/command.ts";
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

beforeAll(async () => {
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
  const commit = (await run(["git", "describe", "--always", "--dirty"], { cwd: repositoryRoot() })).trim();
  const date = new Date().toISOString().slice(0, 16).replace("T", " ");
  const { id, title, work, targets, notes = [] } = row;
  const { pairs } = bench;
  return {
    ...{ id, title, work, targets, notes, figures: taken },
    run: { date, commit, pairs, parallel, scale, seconds, load: [before, load()] },
  };
}

describe("what it costs", () => {
  // Each row is written as soon as it is measured: a run that is broken off has lost nothing but the row at hand.
  it.each(chosen.map((row) => [row.id, row.title, row] as const))("%s %s", async (_id, _title, row) => {
    const result = await measured(row, benchFor(row));
    const results = renewed(readResults(), machine(), result);
    writeResults(results, page(results, rows));
    const missed = result.targets.filter((target) => !isMet(result, target)).length;
    console.log(
      `${row.id}: ${result.run.seconds} s, ${result.targets.length - missed} of ${result.targets.length} targets met`,
    );
  });
});
