import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { connectEngine, type Engine, engineAddress } from "./doors/engine";
import { interruption } from "./doors/interruption";
import { serve } from "./doors/plugin/serve";
import type { Plugin } from "./doors/plugin/service";
import type { Settings } from "./resources/clusters";

const PACKAGE = join(__dirname, "..", "..");

const configured = Promise.withResolvers<Settings>();
const operations = interruption();
let engine: Engine = connectEngine(undefined);
let connectedTo: string | undefined;

function attach(address: string | undefined): void {
  if (!address || address === connectedTo) return;
  connectedTo = address;
  const attached = connectEngine(address);
  engine = attached;
  // Nobody is left to tell anything to, and the next `up` takes over: whatever is done from now on would be in its way.
  attached.onGone(() => {
    if (engine === attached) process.exit(1);
  });
}

async function load(): ReturnType<Plugin["provider"]> {
  const [{ openClusters }, { providerOf }] = await Promise.all([
    import("./openClusters.ts"),
    import("./doors/plugin/provider.ts"),
  ]);
  const host = { engine: () => engine, interruption: operations };
  return providerOf(
    openClusters(() => configured.promise, operations.interrupted),
    host,
  );
}

let provider: ReturnType<Plugin["provider"]> | undefined;

const plugin: Plugin = {
  version: "",
  schema: () => readFile(join(PACKAGE, "schema.json"), "utf8"),
  provider: () => (provider ??= load()),
  configure: configured.resolve,
  attach,
  interrupt: operations.interrupt,
};

/** Starts the plugin and tells the engine its port on the first line. */
export async function main(args: readonly string[], version: string): Promise<void> {
  attach(engineAddress(args));
  process.stdout.write(`${(await serve({ ...plugin, version })).toString()}\n`);
}
