import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { toolPath } from "./cluster/build.ts";
import { down } from "./cluster/clusters.ts";
import { run } from "./cluster/command.ts";
import { namedContext, testCluster } from "./cluster/context.ts";
import { cacheFolder } from "./cluster/paths.ts";
import { pulumiPath } from "./cluster/pulumi.ts";
import { showRun, type StoredRun } from "./support/showRun.ts";
import { pulumiEnvironment } from "./support/environment.ts";
import { copyExample } from "./support/examples.ts";
import { installedPackage } from "./support/package.ts";

/** The tutorial's story on a real Kubernetes: `npm run demo`, and `npm run demo:down` to take everything down. */

const examples = ["daemon", "task-array"];
const state = cacheFolder("demo");

await (process.argv[2] === "down" ? takeDown() : show());

async function show(): Promise<void> {
  say(
    "Setting up: a Kubernetes of its own and the Pulumi CLI. The first time this builds both, which takes half an hour.",
  );
  const demo = await openDemo();
  for (const example of examples) {
    say(`pulumi up: the example ${example}`);
    const folder = demo.folder(example);
    copyExample(example, folder);
    demo.pulumi(folder, ["stack", "select", "--create", "demo"]);
    for (const [key, value] of Object.entries({ "jobrun:context": demo.context }))
      demo.pulumi(folder, ["config", "set", key, value]);
    demo.pulumi(folder, ["up", "--yes", "--skip-preview"]);
  }
  for (const example of examples) await showRuns(demo, example);
  say(howToGoOn(demo));
}

interface Demo {
  readonly context: string;
  readonly kubeconfig: string;
  readonly folder: (example: string) => string;
  /** Runs the CLI in the folder, its output shown; a failure ends the demo. */
  readonly pulumi: (folder: string, args: readonly string[]) => void;
  readonly kubectl: (...args: string[]) => Promise<string>;
  readonly environment: Record<string, string>;
}

async function openDemo(): Promise<Demo> {
  const { kubeconfig, context } = await testCluster();
  const project = await installedPackage();
  const environment = pulumiEnvironment({ pulumi: await pulumiPath(), kubeconfig, project, state });
  const kubectl = await toolPath("kubectl");
  return {
    context,
    kubeconfig,
    environment,
    folder: (example) => join(project, "projects", `demo-${example}`),
    pulumi: (folder, args) => {
      const { status } = spawnSync("pulumi", [...args, "--non-interactive"], {
        cwd: folder,
        env: { ...process.env, ...environment },
        stdio: "inherit",
      });
      if (status !== 0) throw new Error(`pulumi ${args.join(" ")} must end with 0, got ${String(status)}`);
    },
    kubectl: (...args) => run([kubectl, "--kubeconfig", kubeconfig, "--context", context, ...args]),
  };
}

async function showRuns(demo: Demo, example: string): Promise<void> {
  const text = await run(["pulumi", "stack", "export", "--stack", "demo"], {
    cwd: demo.folder(example),
    env: { ...process.env, ...demo.environment },
  });
  const { deployment } = JSON.parse(text) as { deployment: { resources: { type: string; outputs: StoredRun }[] } };
  for (const { type, outputs } of deployment.resources) {
    if (type.endsWith(":JobRun")) say(await showRun(outputs, demo.kubectl));
  }
}

function howToGoOn({ kubeconfig, context }: Demo): string {
  return [
    "Look further:",
    `  export KUBECONFIG=${kubeconfig}`,
    '  alias kubectl="$(npm run --silent tool -- kubectl)"',
    "  kubectl get configmaps,jobs,deployments,pods --selector app.kubernetes.io/managed-by=pulumi-jobrun",
    "  kubectl logs --follow deployment/myjobrun-daemon-0",
    `On a cluster of your own (this one was ${context}): npm run demo -- --context NAME`,
    "Take everything down: npm run demo:down",
  ].join("\n");
}

async function takeDown(): Promise<void> {
  if (existsSync(join(state, ".pulumi"))) {
    const demo = await openDemo();
    for (const example of examples) {
      mkdirSync(demo.folder(example), { recursive: true });
      copyExample(example, demo.folder(example));
      demo.pulumi(demo.folder(example), ["destroy", "--yes", "--skip-preview", "--stack", "demo", "--remove"]);
    }
  }
  rmSync(state, { recursive: true, force: true });
  if (namedContext() === undefined) await down();
  say("Everything is down. The built tools stay in the cache for the next time.");
}

function say(text: string): void {
  console.log(`\n${text}\n`);
}
