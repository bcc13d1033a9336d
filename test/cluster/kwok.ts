import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { getProgram, lastLines } from "./command.ts";
import { moduleSource } from "./goModule.ts";
import { bedFile } from "./paths.ts";
import { endProcesses, processesOf } from "./processes.ts";

const MODULE = "sigs.k8s.io/kwok";

/** What kwok does with nodes and pods, in its own words: nodes are ready at once, pods run and end well as fast as can be. */
const STAGES = [
  "node/fast/node-initialize.yaml",
  "node/heartbeat-with-lease/node-heartbeat-with-lease.yaml",
  "pod/fast/pod-ready.yaml",
  "pod/fast/pod-complete.yaml",
  "pod/fast/pod-delete.yaml",
];

/** A program that plays the kubelet of nodes that do not exist. */
export type Kwok = { logTail: () => string; end: () => Promise<void> };

/**
 * Starts kwok for the nodes that the label selects, with its files in the folder. The cluster is the kubeconfig's
 * current one. The kernel ends it with us, however we end.
 */
export async function startKwok(
  program: string,
  { kubeconfig, label, folder }: { kubeconfig: string; label: string; folder: string },
): Promise<Kwok> {
  const config = join(folder, "stages.yaml");
  writeFileSync(config, await readStages());
  const log = join(folder, "kwok.log");
  const output = openSync(log, "a");
  const setpriv = getProgram("setpriv", "to end kwok together with the test that started it");
  const own = [program, `--kubeconfig=${kubeconfig}`, `--config=${config}`];
  const nodes = ["--manage-all-nodes=false", `--manage-nodes-with-label-selector=${label}`];
  const child = spawn(setpriv, ["--pdeathsig", "TERM", ...own, ...nodes], { stdio: ["ignore", output, output] });
  closeSync(output);
  await new Promise((resolve, reject) => child.once("spawn", resolve).once("error", reject));
  child.unref();
  return {
    logTail: () => lastLines(readFileSync(log, "utf8")),
    end: () => endProcesses(processesOf(child.pid === undefined ? [] : [child.pid])),
  };
}

async function readStages(): Promise<string> {
  const source = await moduleSource(MODULE, bedFile("tools", "kwok"));
  const read = (file: string): string => readFileSync(join(source, "kustomize/stage", file), "utf8");
  return STAGES.map(read).join("\n---\n");
}
