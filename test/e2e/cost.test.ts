import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { type Proxy, startProxy } from "../rig/proxy";
import { targetOf } from "../rig/target";
import { bed } from "../support/bed";
import { changes } from "../support/stack";
import { stacksIn } from "../support/stacks";

jest.setTimeout(300_000);

const stacks = stacksIn("e2e-cost");
let proxy: Proxy;

beforeAll(async () => {
  const { kubectl, kubeconfig, context } = bed();
  proxy = await startProxy(await targetOf(kubectl, ["--kubeconfig", kubeconfig, "--context", context]), { context });
  await stacks.open();
});
afterAll(async () => {
  await stacks.close();
  await proxy.close();
});

const RUNS = 5;

describe("[E] runs that have ended", () => {
  it.each(["plugin", "dynamic"] as const)("cost an `up` without a change no request, by the %s", async (door) => {
    const program = `for (let i = 0; i < ${RUNS}; i++) new JobRun("${door}-" + i, { ...small, command: ["true"] });`;
    const stack = stacks.makeAt({ door }, door, program);
    await stack.configure("jobrun:kubeconfig", proxy.kubeconfig(door));
    expect((await stack.up()).ok).toBe(true);
    const before = proxy.history.counts(door).requests;
    expect(before).toBeGreaterThan(RUNS);
    expect(changes(await stack.up())).toEqual({ same: RUNS });
    expect(proxy.history.counts(door).requests).toBe(before);
  });
});
