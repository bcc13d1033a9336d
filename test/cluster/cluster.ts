// npm run cluster -- up|down|status|kubeconfig [--name NAME]
import { parseArgs } from "node:util";
import { down, kubeconfig, status, up } from "./clusters.ts";

const actions: Record<string, (name: string) => Promise<void>> = {
  up: async (name) => {
    const started = Date.now();
    const cluster = await up(name);
    console.error(`cluster ${name} is up after ${((Date.now() - started) / 1000).toFixed(1)} s`);
    console.log(`export KUBECONFIG=${cluster.kubeconfig}`);
  },
  down: async (name) => {
    await down(name);
    console.error(`cluster ${name} is down`);
  },
  status: async (name) => {
    const { components, ok, ready } = await status(name);
    for (const { name: component, pid, port } of components) {
      const state = pid === undefined ? "stopped" : `running  pid ${pid}`;
      console.log(`${component.padEnd(24)} ${state.padEnd(20)} ${port === undefined ? "" : `port ${port}`}`.trimEnd());
    }
    console.log(`${"node localhost".padEnd(24)} ${ready ? "ready" : "not ready"}`);
    process.exitCode = ok ? 0 : 1;
  },
  kubeconfig: async (name) => console.log(await kubeconfig(name)),
};

try {
  const options = { name: { type: "string", default: "default" } } as const;
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options,
  });
  const action = positionals.length === 1 ? actions[positionals.join()] : undefined;
  if (action === undefined) {
    throw new Error(`wants one of ${Object.keys(actions).join(", ")}, got "${positionals.join(" ")}"`);
  }
  await action(values.name);
} catch (error) {
  console.error(`cluster: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
