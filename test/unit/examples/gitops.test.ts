import { describe, expect, it } from "@jest/globals";
import Ajv from "ajv";
import { spawnSync } from "node:child_process";
import { accessSync, constants, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, parseAllDocuments } from "yaml";

const folder = join(__dirname, "../../../examples/gitops");
const text = (file: string): string => readFileSync(join(folder, file), "utf8");

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly concurrency: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, { readonly env: Readonly<Record<string, string>>; readonly steps: Step[] }>>;
}

interface Step {
  readonly if?: string;
  readonly run?: string;
  readonly uses?: string;
}

describe.each(["pipeline", "post-receive"])("[U] the script %s", (script) => {
  it("is a program that the plain shell can read", () => {
    accessSync(join(folder, script), constants.X_OK);
    expect(text(script)).toMatch(/^#!\/bin\/sh\n/);
    expect(spawnSync("sh", ["-n", join(folder, script)], { encoding: "utf8" })).toMatchObject({
      status: 0,
      stderr: "",
    });
  });
});

describe("[U] the pipeline", () => {
  it.each([
    ["no command", []],
    ["another command", ["deploy"]],
  ])("tells how it is used when it is given %s", (_what, args) => {
    const { status, stderr } = spawnSync(join(folder, "pipeline"), args, { encoding: "utf8" });
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: "usage: pipeline preview | apply | nightly [options of pulumi]\n",
    });
  });
});

describe("[U] the workflow for GitHub Actions", () => {
  const { on, concurrency, jobs } = parse(text("github-actions.yml")) as Workflow;
  const steps = jobs["pipeline"]?.steps ?? [];

  it.each([
    ["pull_request", "preview"],
    ["push", "apply"],
    ["schedule", "nightly"],
  ])("answers %s by the command %s of the same script, and by nothing else", (event, command) => {
    const steered = steps.filter((step) => step.if === `github.event_name == '${event}'`);
    expect(Object.keys(on)).toContain(event);
    expect(steered.map(({ run = "" }) => run.split(" ").slice(0, 3))).toEqual([["exec", "./pipeline", command]]);
  });

  it("answers no other event", () => expect(Object.keys(on)).toEqual(["pull_request", "push", "schedule"]));

  it("installs Node, the CLI and what the lock file says before the pipeline runs", () => {
    const names = steps.map(({ uses = "", run = "" }) => uses.split("@")[0] || run.split("\n")[0] || "");
    const wanted = ["actions/checkout", "actions/setup-node", "pulumi/actions", "npm ci"];
    expect(names.slice(0, wanted.length)).toEqual(wanted);
  });

  it("lets applies and nightlies wait for each other, and cancels previews only", () => {
    expect(concurrency).toEqual({
      group: "${{ github.event_name == 'pull_request' && github.ref || 'stack-prod' }}",
      "cancel-in-progress": "${{ github.event_name == 'pull_request' }}",
    });
  });

  it("names a stack, and takes what is secret from the repository's secrets", () => {
    const { PULUMI_STACK, PULUMI_CONFIG_PASSPHRASE } = jobs["pipeline"]?.env ?? {};
    expect({ PULUMI_STACK, PULUMI_CONFIG_PASSPHRASE }).toEqual({
      PULUMI_STACK: "prod",
      PULUMI_CONFIG_PASSPHRASE: "${{ secrets.PULUMI_CONFIG_PASSPHRASE }}",
    });
  });
});

const string = { type: "string" };
const boolean = { type: "boolean" };
const shape = (properties: object, required: string[] = []): object => ({
  type: "object",
  properties,
  required,
  additionalProperties: false,
});
const secretKey = shape({ name: string, key: string }, ["name", "key"]);
const reference = shape({ type: { enum: ["Env", "FS", "Secret", "Literal"] }, secret: secretKey }, ["type"]);

/** What the operator's CRD `stacks.pulumi.com`, version v1, says of the fields that the manifest uses or is likely to use. */
const stackSchema = shape(
  {
    apiVersion: { const: "pulumi.com/v1" },
    kind: { const: "Stack" },
    metadata: { type: "object" },
    spec: shape(
      {
        ...{ stack: string, projectRepo: string, branch: string, commit: string, repoDir: string, shallow: boolean },
        ...{ backend: string, secretsProvider: string, config: { type: "object" } },
        envRefs: { type: "object", additionalProperties: reference },
        ...{ refresh: boolean, expectNoRefreshChanges: boolean, destroyOnFinalize: boolean, preview: boolean },
        ...{ continueResyncOnCommitMatch: boolean, retryOnUpdateConflict: boolean, useLocalStackOnly: boolean },
        resyncFrequencySeconds: { type: "integer", minimum: 60 },
        retryMaxBackoffDurationSeconds: { type: "integer" },
        serviceAccountName: string,
        workspaceReclaimPolicy: { enum: ["Retain", "Delete"] },
        workspaceTemplate: shape({
          metadata: { type: "object" },
          spec: shape({
            image: string,
            imagePullPolicy: { enum: ["Always", "Never", "IfNotPresent"] },
            securityProfile: { enum: ["baseline", "restricted"] },
            env: { type: "array" },
            resources: { type: "object" },
            podTemplate: shape({ metadata: { type: "object" }, spec: { type: "object" } }),
          }),
        }),
      },
      ["stack"],
    ),
  },
  ["apiVersion", "kind", "metadata", "spec"],
);

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly subjects?: readonly unknown[];
  readonly spec?: Readonly<Record<string, unknown>>;
}

describe("[U] the manifest for Pulumi's operator", () => {
  const manifests = parseAllDocuments(text("stack.yaml")).map((document) => document.toJS() as Manifest);
  const stack = manifests.find(({ kind }) => kind === "Stack");
  const validate = new Ajv().compile(stackSchema);

  it("has the fields that the operator knows, with values that it takes", () => {
    validate(stack);
    expect(validate.errors).toBeNull();
  });

  it.each([
    ["a field that is not there", { spec: { ...stack?.spec, refreshed: true } }],
    ["no stack", { spec: { ...stack?.spec, stack: undefined } }],
    ["another version", { apiVersion: "pulumi.com/v2" }],
  ])("would be refused with %s", (_what, change) => {
    expect(validate(JSON.parse(JSON.stringify({ ...stack, ...change })))).toBe(false);
  });

  it("names either a branch or a commit, and refreshes before each update", () => {
    expect(stack?.spec).toMatchObject({ branch: "main", refresh: true });
    expect(stack?.spec).not.toHaveProperty("commit");
  });

  it("gives the rights that it needs to the account that it names", () => {
    const account = manifests.find(({ kind }) => kind === "ServiceAccount")?.metadata;
    expect(stack?.spec?.["serviceAccountName"]).toBe(account?.name);
    const bindings = manifests.filter(({ kind }) => kind.endsWith("Binding"));
    expect(bindings.map(({ subjects }) => subjects)).toEqual(
      bindings.map(() => [{ kind: "ServiceAccount", ...account }]),
    );
    expect(bindings).toHaveLength(2);
  });

  it("installs the plugin where the program looks for it", () => {
    const plugins = parse(text("Pulumi.yaml")) as { plugins: { providers: { path: string }[] } };
    expect(plugins.plugins.providers.map(({ path }) => path)).toEqual(["node_modules/pulumi-jobrun/provider/bin"]);
    expect(stack?.spec).toMatchObject({
      workspaceTemplate: {
        spec: {
          podTemplate: { spec: { initContainers: [{ workingDir: "/share/workspace", command: ["npm", "ci"] }] } },
        },
      },
    });
  });
});
