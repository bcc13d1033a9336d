import { toolPath } from "../cluster/build.ts";
import { startFakeNodes, type FakeNodes } from "../cluster/fakeNodes.ts";
import { bed } from "./bed";

/** Adds nodes to the test cluster, on which pods only seem to run. */
export async function fakeNodes(name: string, count: number): Promise<FakeNodes> {
  return startFakeNodes(name, count, { ...bed(), kwok: await toolPath("kwok") });
}
