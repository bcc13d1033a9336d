import { describe, expect, it, jest } from "@jest/globals";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { checkJob, checkRun } from "../../provider/core/spec/check";
import schema from "../../schema.json";
import { repositoryRoot } from "../cluster/paths.ts";
import { bed } from "../support/bed";
import { pulumiEnvironment } from "../support/environment";

jest.setTimeout(60_000);

interface Node {
  readonly [keyword: string]: unknown;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Node>>;
}

const types = Object.entries(schema.types as Readonly<Record<string, Node>>);
interface Resource {
  readonly inputProperties: Readonly<Record<string, Node>>;
  readonly properties: Readonly<Record<string, Node>>;
}

const declared: Readonly<Record<string, Resource>> = schema.resources;
const resources = Object.entries(declared).map(([token, { inputProperties: inputs, properties: outputs }]) => ({
  token,
  inputs,
  outputs,
}));

interface Members {
  readonly properties: Readonly<Record<string, Node>>;
  readonly required: readonly string[];
}

interface Function {
  readonly description: string;
  readonly inputs: Members;
  readonly outputs: Members;
}

const functions = Object.entries(schema.functions as unknown as Readonly<Record<string, Function>>);

/** Every property of the schema, with the place where it stands. */
const properties: readonly [at: string, node: Node][] = [
  ...functions.flatMap(([token, { inputs, outputs }]) => [
    ...Object.entries(inputs.properties).map(([name, node]) => [`${token} argument ${name}`, node] as const),
    ...Object.entries(outputs.properties).map(([name, node]) => [`${token} result ${name}`, node] as const),
  ]),
  ...resources.flatMap(({ token, inputs, outputs }) => [
    ...Object.entries(inputs).map(([name, node]) => [`${token} input ${name}`, node] as const),
    ...Object.entries(outputs).map(([name, node]) => [`${token} output ${name}`, node] as const),
  ]),
  ...types.flatMap(([token, type]) =>
    Object.entries(type.properties ?? {}).map(([name, node]) => [`${token} ${name}`, node] as const),
  ),
].map(([at, node]) => [at, node]);

describe("[C] schema.json", () => {
  it("is a valid Pulumi package schema", async () => {
    const file = join(repositoryRoot(), "schema.json");
    const env = { ...process.env, ...pulumiEnvironment({ ...bed(), state: "/nowhere" }) };
    await expect(
      promisify(execFile)(join(bed().pulumi, "pulumi"), ["schema", "check", file], { env }),
    ).resolves.toBeDefined();
  });

  it.each(properties)("describes %s", (_at, { description = "" }) => {
    expect(description).toMatch(/[.]$/);
  });

  it("has no inline objects, which generators would make maps of, and no defaults, which they would fill in", () => {
    for (const [at, node] of properties) {
      expect([at, node.properties]).toEqual([at, undefined]);
      expect([at, node["default"]]).toEqual([at, undefined]);
    }
  });

  it("says the same of an input in both resources, where both have it", () => {
    const [job, run] = resources.map(({ inputs }) => inputs);
    const own = ["name", "image", "imagePullSecrets", "serviceAccountName"];
    for (const name of Object.keys(job ?? {}).filter((key) => key in (run ?? {}) && !own.includes(key))) {
      expect(run?.[name]).toEqual(job?.[name]);
    }
  });

  it.each([
    ["Job", "getJob"],
    ["JobRun", "getJobRun"],
  ] as const)("says the same of an output of %s and of what %s tells", (resource, name) => {
    const { properties: outputs, required } = schema.resources[`jobrun:index:${resource}`];
    const told = schema.functions[`jobrun:index:${name}`].outputs;
    expect(outputs).toMatchObject(told.properties);
    expect(told.required).toEqual(required.filter((key) => key in told.properties));
  });

  it.each(functions)("has an example of %s in TypeScript and in YAML", (token, { description }) => {
    const name = token.split(":").at(-1) ?? "";
    expect(description).toMatch(new RegExp("```typescript\\n[^]*" + name + "\\("));
    expect(description).toMatch(new RegExp("```yaml\\n[^]*function: jobrun:" + name + "\\n"));
  });

  it("lets an explicit provider set what the stack configuration sets", () => {
    expect(schema.provider.inputProperties).toEqual(schema.config.variables);
  });

  it("returns every input as an output, except what is internal", () => {
    for (const { inputs, outputs } of resources) {
      expect(Object.keys(inputs).filter((name) => !(name in outputs))).toEqual([]);
    }
  });

  it.each(["Job", "JobRun"] as const)("has an example of %s in TypeScript and in YAML that is valid", (name) => {
    const { description } = schema.resources[`jobrun:index:${name}`];
    expect(description).toMatch(/```typescript\n/);
    const [, yaml = ""] = /```yaml\n([^]*?)```/.exec(description) ?? [];
    const lines = [...yaml.matchAll(/^ {6}(\w+): (.*)$/gm)];
    const inputs = Object.fromEntries(
      lines.map(([, key = "", value = ""]) => [key, /^[[\d]/.test(value) ? JSON.parse(value) : value]),
    );
    const options = { identity: { urn: "urn:example", name: "example" }, secretPaths: [], strict: false };
    const check = name === "Job" ? checkJob : checkRun;
    expect(Object.keys(inputs)).toContain("image");
    expect(check({}, inputs as never, options).failures).toEqual([]);
  });
});
