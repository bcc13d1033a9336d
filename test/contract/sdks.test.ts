import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../cluster/command.ts";
import { goEnvironment } from "../cluster/goModule.ts";
import { repositoryRoot } from "../cluster/paths.ts";
import { pythonSdk } from "../support/pythonSdk";
import { textsBelow } from "../support/texts";
import manifest from "../../package.json";
import schema from "../../schema.json";

/** Cold, Go compiles Pulumi's SDK for the first time. */
jest.setTimeout(900_000);

const languages = ["nodejs", "python", "go"] as const;
const root = repositoryRoot();
let folder = "";

beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), "sdks-"))));
afterAll(() => rmSync(folder, { recursive: true }));

function textOf(language: string): string {
  return [...textsBelow(join(root, "sdk", language)).values()].join("\n");
}

describe("[C] the generated SDK", () => {
  it.each(languages)("for %s takes over what the dynamic provider has made", (language) => {
    for (const name of ["Job", "JobRun"])
      expect(textOf(language)).toMatch(new RegExp(`"pulumi-nodejs:dynamic/jobrun:${name}"`));
  });

  it.each(languages)("for %s tells nothing of the machine that it was made on", (language) => {
    for (const place of [root, homedir(), tmpdir()]) expect(textOf(language)).not.toContain(`${place}/`);
    expect(textOf(language)).not.toMatch(/\b20[2-9]\d-[01]\d-[0-3]\d\b/);
  });

  it("asks for the plugin of the version that this package has", () => {
    expect(schema.version).toBe(manifest.version);
    const version = JSON.stringify(manifest.version);
    expect(readFileSync(join(root, "sdk/nodejs/package.json"), "utf8")).toContain(version);
    expect(readFileSync(join(root, "sdk/python/pyproject.toml"), "utf8")).toContain(`version = ${version}`);
    expect(readFileSync(join(root, "sdk/go/jobrun/internal/pulumiUtilities.go"), "utf8")).toContain(
      `semver.MustParse(${version})`,
    );
  });
});

/** A job and a run of it, seen as the engine would see them. */
const pythonProgram = `
import json, pulumi
seen = {}
class Mocks(pulumi.runtime.Mocks):
    def new_resource(self, args):
        seen[args.name] = {"type": args.typ, "inputs": args.inputs}
        return args.name, {**args.inputs, "name": args.name, "revision": "r1"}
    def call(self, args):
        return {}
pulumi.runtime.set_mocks(Mocks())
from pulumi_jobrun import EnvVarArgs, Job, JobRun, Mode, Provider, WaitArgs, WaitUntil
provider = Provider("provider", namespace="here", strict=True)
options = pulumi.ResourceOptions(provider=provider)
job = Job("job", image="app:1", mode=Mode.DAEMON, env=[EnvVarArgs(name="A", value="b")], opts=options)
run = JobRun("run", job=job.name, job_revision=job.revision, array_size=3, wait=WaitArgs(until=WaitUntil.NOTHING))
pulumi.runtime.sync_await._sync_await(pulumi.runtime.stack.wait_for_rpcs())
print(json.dumps(seen))
`;

describe("[C] the SDK for Python", () => {
  it("installs, imports, and sends what the schema names", async () => {
    const { bin, packages } = await pythonSdk();
    const program = join(folder, "program.py");
    writeFileSync(program, pythonProgram);
    const seen = await run([join(bin, "python"), program], { env: { ...process.env, PYTHONPATH: packages } });
    expect(JSON.parse(seen)).toEqual({
      provider: { type: "pulumi:providers:jobrun", inputs: { namespace: "here", strict: "true" } },
      job: { type: "jobrun:index:Job", inputs: { image: "app:1", mode: "daemon", env: [{ name: "A", value: "b" }] } },
      run: {
        type: "jobrun:index:JobRun",
        inputs: { job: "job", jobRevision: "r1", arraySize: 3, wait: { until: "nothing" } },
      },
    });
  });

  it("has no file that does not compile", async () => {
    const { bin, packages } = await pythonSdk();
    const compile = ["-m", "compileall", "-q", "-f", join(packages, "pulumi_jobrun")];
    await expect(run([join(bin, "python"), "-W", "error", ...compile])).resolves.toBe("");
  });
});

/** A user's module: the SDK has no address of its own, so it is named by its folder. */
const goProgram = `package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"pulumi-jobrun/sdk/go/jobrun"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		job, err := jobrun.NewJob(ctx, "job", &jobrun.JobArgs{
			Image: pulumi.String("app:1"),
			Env:   jobrun.EnvVarArray{jobrun.EnvVarArgs{Name: pulumi.String("A"), Value: pulumi.String("b")}},
		})
		if err != nil {
			return err
		}
		run, err := jobrun.NewJobRun(ctx, "run", &jobrun.JobRunArgs{
			Job:         job.Name,
			JobRevision: job.Revision,
			Mode:        jobrun.ModeTask,
			Wait:        jobrun.WaitArgs{Until: jobrun.WaitUntilNothing},
		})
		if err != nil {
			return err
		}
		found := jobrun.LookupJobOutput(ctx, jobrun.LookupJobOutputArgs{Name: job.Name})
		ctx.Export("succeeded", run.StatusDetails.SucceededIndices())
		ctx.Export("revision", found.Revision())
		return nil
	})
}
`;

describe("[C] the SDK for Go", () => {
  // As the tools are built, so that what both need is compiled once.
  const vet = ["go", "vet", "-mod=mod", "-trimpath", "./..."];
  const env = { ...process.env, ...goEnvironment };

  it("compiles, with nothing that vet finds fault with", async () => {
    await expect(
      run(["go", "vet", "-mod=readonly", "-trimpath", "./..."], { cwd: join(root, "sdk/go"), env }),
    ).resolves.toBe("");
  });

  it("serves a program whose module replaces its path by its folder", async () => {
    const sdk = join(root, "sdk/go");
    const versions = readFileSync(join(sdk, "go.mod"), "utf8").replace(/^module .*/, "module program");
    const needs = `\nrequire pulumi-jobrun/sdk/go v0.0.0\nreplace pulumi-jobrun/sdk/go => ${sdk}\n`;
    writeFileSync(join(folder, "go.mod"), versions + needs);
    writeFileSync(join(folder, "go.sum"), readFileSync(join(sdk, "go.sum")));
    writeFileSync(join(folder, "main.go"), goProgram);
    await expect(run(vet, { cwd: folder, env })).resolves.toBe("");
  });
});
