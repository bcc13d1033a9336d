import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { parseArgs } from "node:util";
import { toolPath } from "./build.ts";
import { up } from "./clusters.ts";
import { run } from "./command.ts";
import { contextName } from "./kubeconfig.ts";

const VARIABLE = "PULUMI_JOBRUN_TEST_CONTEXT";

/** A cluster to test on: the file that describes it and the name of its context there. */
export type TestCluster = { kubeconfig: string; context: string };

/**
 * The cluster for tests and demo. An existing one is taken only when it is named, by `--context NAME` or
 * by the environment variable; the current context never is, since it may be somebody's production.
 */
export async function testCluster(): Promise<TestCluster> {
  const context = namedContext();
  return context === undefined ? embeddedCluster() : existingCluster(context);
}

export function namedContext(args = process.argv.slice(2), environment = process.env): string | undefined {
  const options = { context: { type: "string" } } as const;
  const { values } = parseArgs({
    args,
    options,
    strict: false,
    allowPositionals: true,
  });
  if (values.context === true) throw new Error("--context must be followed by the name of a context, got nothing");
  return values.context || environment[VARIABLE] || undefined;
}

async function embeddedCluster(): Promise<TestCluster> {
  const { name, kubeconfig } = await up();
  return { kubeconfig, context: contextName(name) };
}

async function existingCluster(context: string): Promise<TestCluster> {
  const files = kubeconfigFiles();
  for (const kubeconfig of files.filter(existsSync)) {
    if ((await contextsOf(kubeconfig)).includes(context)) return { kubeconfig, context };
  }
  const message = `context must be one of those in ${files.join(", ")}, got ${JSON.stringify(context)}`;
  throw new Error(`${message}: correct --context or ${VARIABLE}, or leave both out for the embedded cluster`);
}

function kubeconfigFiles(): string[] {
  const listed = (process.env.KUBECONFIG ?? "").split(delimiter).filter(Boolean);
  return listed.length > 0 ? listed : [join(homedir(), ".kube", "config")];
}

async function contextsOf(kubeconfig: string): Promise<string[]> {
  const names = await run([
    await toolPath("kubectl"),
    "--kubeconfig",
    kubeconfig,
    "config",
    "get-contexts",
    "-o",
    "name",
  ]);
  return names.trim().split("\n");
}
