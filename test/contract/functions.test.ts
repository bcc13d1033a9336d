import { describe, expect, it, jest } from "@jest/globals";
import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { repositoryRoot } from "../cluster/paths.ts";
import { bed } from "../support/bed";

jest.setTimeout(120_000);

/** Runs a text as a program that has the package installed, with the settings of a stack; returns the JSON that it prints. */
async function runProgram(text: string, config: Readonly<Record<string, string>> = {}): Promise<unknown> {
  const { context, kubeconfig, project } = bed();
  const settings = { "jobrun:kubeconfig": kubeconfig, "jobrun:context": context, ...config };
  const env = { ...process.env, PULUMI_CONFIG: JSON.stringify(settings), KUBECONFIG: "/nowhere" };
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", text], { cwd: project, env });
  return JSON.parse(stdout) as unknown;
}

/** Names what of the package and of the libraries behind it a program has loaded. */
const LOADED = `Object.keys(require.cache).map((file) => /node_modules[/]((?:@[^/]+[/])?[^/]+(?:[/]dist[/][^/]+(?:[/][^/]+)?)?)/.exec(file)?.[1]).filter((name) => /^(pulumi-jobrun|undici|@kubernetes)/.test(name))`;

describe("[C] the functions of the installed package", () => {
  it("load what talks to clusters when one of them is called, and not before", async () => {
    const before = (await runProgram(
      `require("pulumi-jobrun"); console.log(JSON.stringify([...new Set(${LOADED})]));`,
    )) as string[];
    expect(before).toContain("pulumi-jobrun/dist/sdk/functions.js");
    const expected = /^pulumi-jobrun[/]dist[/](sdk|provider[/](core|doors)|schema[.]json)/;
    expect(before.filter((name) => !expected.test(name))).toEqual([]);
  });

  it("let the program end as soon as it is done: no socket holds it", async () => {
    const text = `
      require("pulumi-jobrun").getJob({ name: "none", namespace: "default" }).catch(({ message }) => {
        const done = performance.now();
        process.on("exit", () => console.log(JSON.stringify({ message, lingered: performance.now() - done })));
      });`;
    const { message, lingered } = (await runProgram(text)) as { message: string; lingered: number };
    expect(message).toMatch(/^getJob: name must be that of a job in namespace default of the cluster https:/);
    // Sockets are kept for half a minute.
    expect(lingered).toBeLessThan(5_000);
  });

  it("never show a kubeconfig that they cannot read", async () => {
    const text = `require("pulumi-jobrun").getJob({ name: "none" }).catch(({ message }) => console.log(JSON.stringify(message)));`;
    const message = await runProgram(text, { "jobrun:kubeconfig": "users: [{ token: S3CRET-77" });
    expect(message).toMatch(/^getJob: .*is not YAML/);
    expect(message).not.toContain("S3CRET");
  });

  it("have types that a strict TypeScript program takes, and that refuse what is wrong", async () => {
    const folder = join(bed().project, "projects", "contract-functions");
    mkdirSync(folder, { recursive: true });
    const options = { strict: true, noEmit: true, skipLibCheck: false, target: "es2023", module: "node20", types: [] };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: options, files: ["index.ts"] }));
    writeFileSync(join(folder, "package.json"), "{}");
    writeFileSync(
      join(folder, "index.ts"),
      `
      import { getJob, type GetJobResult, getJobRunLogsOutput, getJobRunOutput, JobRun } from "pulumi-jobrun";
      import type { Output } from "@pulumi/pulumi";
      export async function image(): Promise<string> {
        const job: GetJobResult = await getJob({ name: "report", connection: { context: "c" } });
        return job.image;
      }
      const run = new JobRun("run", { image: "app:1" });
      export const status: Output<"pending" | "running" | "completed" | "failed" | "unknown"> = getJobRunOutput({ name: run.name }).status;
      export const line: Output<string> = getJobRunLogsOutput({ name: run.name, tailLines: 1 }).logs.apply((logs) => logs["0"].text);
      // @ts-expect-error There is no such argument.
      void getJob({ name: "report", nameSpace: "jobs" });
      // @ts-expect-error A name is needed.
      void getJob({});
      `,
    );
    const tsc = join(repositoryRoot(), "node_modules/typescript/bin/tsc");
    await expect(promisify(execFile)(process.execPath, [tsc, "--project", folder])).resolves.toMatchObject({
      stdout: "",
    });
  });
});
