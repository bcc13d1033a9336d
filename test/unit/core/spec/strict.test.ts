import { strictFailures } from "../../../../provider/core/spec/strict";
import type { JobInputs } from "../../../../provider/core/spec/types.generated";

type Template = Partial<JobInputs>;

/** Pulumi's stand-in for a text that is not known yet. */
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** As `property: reason`. */
const faultsOf = (template: Template, name?: string): string[] =>
  strictFailures(template, name).map(({ property, reason }) => `${property}: ${reason}`);

const memory = (cpu: string, nearest: string, got: string): string =>
  `memory: must be a memory that Code Engine offers with cpu \`${cpu}\`: the nearest is \`${nearest}\`, got ${got}`;

const cpu = (nearest: string, got: string): string =>
  `cpu: must be a CPU that Code Engine offers: the nearest is \`${nearest}\`, got "${got}"`;

describe("CPU and memory", () => {
  const pairs = [
    ["0.125", "0.25G"],
    ["0.125", "0.5G"],
    ["0.125", "1G"],
    ["0.25", "0.5G"],
    ["0.25", "1G"],
    ["0.25", "2G"],
    ["0.5", "1G"],
    ["0.5", "2G"],
    ["0.5", "4G"],
    ["1", "2G"],
    ["1", "4G"],
    ["1", "8G"],
    ["2", "4G"],
    ["2", "8G"],
    ["2", "16G"],
    ["4", "8G"],
    ["4", "16G"],
    ["4", "32G"],
    ["6", "12G"],
    ["6", "24G"],
    ["6", "48G"],
    ["8", "16G"],
    ["8", "32G"],
    ["10", "20G"],
    ["10", "40G"],
    ["12", "24G"],
    ["12", "48G"],
  ] as const;

  test.each(pairs)("[U] Code Engine offers %s with %s", (cpu, memory) => {
    expect(faultsOf({ cpu, memory })).toEqual([]);
  });

  test("[U] of all combinations it offers these 27", () => {
    const cpus = [...new Set(pairs.map(([cpu]) => cpu))];
    const memories = [...new Set(pairs.map(([, memory]) => memory))];
    const offered = cpus.flatMap((cpu) =>
      memories.filter((memory) => faultsOf({ cpu, memory }).length === 0).map((memory) => [cpu, memory]),
    );
    expect(offered).toHaveLength(27);
    expect(offered).toEqual(expect.arrayContaining(pairs.map((pair) => [...pair])));
  });

  test.each<[Template]>([
    [{}],
    [{ cpu: "1000m", memory: "4000M" }],
    [{ cpu: "1.0", memory: "4e9" }],
    [{ cpu: "125m", memory: "250M" }],
    [{ cpu: "0.25", memory: "500000k" }],
    [{ cpu: "500m" }],
    [{ memory: "8G" }],
  ])("[U] %j is one of the pairs by value", (template) => {
    expect(faultsOf(template)).toEqual([]);
  });

  test.each<[Template, string]>([
    [{ cpu: "0.125", memory: "0.1G" }, memory("0.125", "0.25G", '"0.1G"')],
    [{ cpu: "0.125", memory: "2G" }, memory("0.125", "1G", '"2G"')],
    [{ cpu: "0.125" }, memory("0.125", "1G", '"4G" (the default)')],
    [{ cpu: "0.25", memory: "0.25G" }, memory("0.25", "0.5G", '"0.25G"')],
    [{ cpu: "500m", memory: "8G" }, memory("0.5", "4G", '"8G"')],
    [{ cpu: "1", memory: "1G" }, memory("1", "2G", '"1G"')],
    [{ cpu: "1", memory: "16G" }, memory("1", "8G", '"16G"')],
    [{ memory: "16G" }, memory("1", "8G", '"16G"')],
    [{ cpu: "1000m", memory: "4Gi" }, memory("1", "4G", '"4Gi"')],
    [{ cpu: "2", memory: "32G" }, memory("2", "16G", '"32G"')],
    [{ cpu: "4", memory: "4G" }, memory("4", "8G", '"4G"')],
    [{ cpu: "4" }, memory("4", "8G", '"4G" (the default)')],
    [{ cpu: "6", memory: "16G" }, memory("6", "12G", '"16G"')],
    [{ cpu: "8", memory: "64G" }, memory("8", "32G", '"64G"')],
    [{ cpu: "10", memory: "80G" }, memory("10", "40G", '"80G"')],
    [{ cpu: "12", memory: "12G" }, memory("12", "24G", '"12G"')],
    // Equally near: the larger.
    [{ cpu: "1", memory: "3G" }, memory("1", "4G", '"3G"')],
  ])("[U] %j is refused with the nearest memory", (template, fault) => {
    expect(faultsOf(template)).toEqual([fault]);
  });

  test.each<[string, string]>([
    ["0", "0.125"],
    ["0.1", "0.125"],
    ["126m", "0.125"],
    ["0.4", "0.5"],
    ["0.75", "1"],
    ["1.4", "1"],
    ["1500m", "2"],
    ["3", "4"],
    ["7", "8"],
    ["9", "10"],
    ["11", "12"],
    ["16", "12"],
  ])("[U] the CPU %s is refused, and %s is the nearest", (given, nearest) => {
    expect(faultsOf({ cpu: given, memory: "3G" })).toEqual([cpu(nearest, given)]);
  });
});

describe("ephemeral storage", () => {
  test.each<[Template]>([
    // The vendor's own examples, and the limits themselves.
    [{ cpu: "0.125", memory: "0.25G", ephemeralStorage: "400M" }],
    [{ cpu: "0.125", memory: "0.25G", ephemeralStorage: "0.4G" }],
    [{ memory: "4G", ephemeralStorage: "4G" }],
    [{ memory: "2G", ephemeralStorage: "1G" }],
    [{ cpu: "0.125", memory: "0.25G" }],
    [{ ephemeralStorage: "4000M" }],
    [{ cpu: "6", memory: "48G", ephemeralStorage: "48G" }],
  ])("[U] %j is within the memory or 400M", (template) => {
    expect(faultsOf(template)).toEqual([]);
  });

  test.each<[Template, string, string]>([
    [{ cpu: "0.125", memory: "0.25G", ephemeralStorage: "0.5G" }, '"0.25G"', '"0.5G"'],
    [{ cpu: "0.125", memory: "0.25G", ephemeralStorage: "400001k" }, '"0.25G"', '"400001k"'],
    [{ memory: "2G", ephemeralStorage: "2001M" }, '"2G"', '"2001M"'],
    [{ ephemeralStorage: "5G" }, '"4G" (the default)', '"5G"'],
    [{ cpu: "6", memory: "48G", ephemeralStorage: "49G" }, '"48G"', '"49G"'],
  ])("[U] %j is refused", (template, memory, got) => {
    expect(faultsOf(template)).toEqual([
      `ephemeralStorage: must be at most the memory ${memory}, or 400M if that is more (Code Engine's limit), got ${got}`,
    ]);
  });
});

const odd = (count: number): string => Array.from({ length: count }, (_item, i) => i * 2).join(",");
const imageOf = (length: number): string => `a/${"b".repeat(length - 2)}`;

describe("limits", () => {
  test.each<[string, Template]>([
    ["86400 seconds", { maxExecutionTime: 86_400 }],
    ["5 retries", { retryLimit: 5 }],
    ["1000 indices in a row", { arrayIndices: "0-999" }],
    ["1000 indices elsewhere", { arrayIndices: "5-1004" }],
    ["1000 indices apart", { arrayIndices: odd(1_000) }],
    ["an array of 1000", { arraySize: 1_000 }],
    ["an image of 256 characters", { image: imageOf(256) }],
  ])("[U] %s are within them", (_what, template) => {
    expect(faultsOf(template)).toEqual([]);
  });

  test.each<[Template, string]>([
    [{ maxExecutionTime: 86_401 }, "maxExecutionTime: must be at most 86400 (Code Engine's limit), got 86401"],
    [{ retryLimit: 6 }, "retryLimit: must be at most 5 (Code Engine's limit), got 6"],
    [{ arrayIndices: "0-1000" }, "arrayIndices: must name at most 1000 indices (Code Engine's limit), got 1001"],
    [{ arrayIndices: "0 - 9999" }, "arrayIndices: must name at most 1000 indices (Code Engine's limit), got 10000"],
    [{ arraySize: 1_001 }, "arraySize: must be at most 1000 (Code Engine's limit), got 1001"],
    [{ image: imageOf(257) }, "image: must be at most 256 characters long (Code Engine's limit), got 257 characters"],
  ])("[U] %j is refused", (template, fault) => {
    expect(faultsOf(template)).toEqual([fault]);
  });

  test("[U] an array given in both ways, as in a complete spec, is counted once", () => {
    expect(faultsOf({ arrayIndices: "0-1000", arraySize: 1_001 })).toHaveLength(1);
  });

  test("[U] all faults are told at once", () => {
    const template = { image: imageOf(300), cpu: "3", retryLimit: 9, maxExecutionTime: 90_000, arraySize: 2_000 };
    expect(strictFailures(template).map(({ property }) => property)).toEqual([
      "image",
      "arraySize",
      "maxExecutionTime",
      "retryLimit",
      "cpu",
    ]);
  });
});

describe("size", () => {
  /** A template whose JSON, together with `name`, has this many bytes. */
  function templateOf(bytes: number, filler = "x"): Template {
    const empty = { image: "app:1", env: [{ name: "A", value: "" }] };
    const rest = bytes - JSON.stringify({ ...empty, name: "nightly" }).length;
    return { ...empty, env: [{ name: "A", value: filler.repeat(rest / Buffer.byteLength(filler)) }] };
  }

  const tooLarge = [": must be at most 10240 bytes as JSON (Code Engine's limit), got 10241 bytes"];

  test("[U] 10240 bytes of JSON are within the limit", () => {
    expect(faultsOf(templateOf(10_240), "nightly")).toEqual([]);
  });

  test("[U] one byte more is refused on the resource itself", () => {
    expect(faultsOf(templateOf(10_241), "nightly")).toEqual(tooLarge);
  });

  test("[U] the name counts", () => {
    expect(faultsOf(templateOf(10_241))).toEqual([]);
    expect(faultsOf({ ...templateOf(10_241), name: "nightly" })).toEqual(tooLarge);
  });

  test("[U] bytes count, not characters", () => {
    expect(strictFailures(templateOf(10_242, "ä"), "nightly")).toHaveLength(1);
  });

  test("[U] a secret value counts, the mark that it is one does not", () => {
    const marked = (template: Template) => ({
      ...template,
      env: template.env?.map((variable) => ({ ...variable, secret: true })),
    });
    expect(strictFailures(marked(templateOf(10_240)), "nightly")).toEqual([]);
    expect(strictFailures(marked(templateOf(10_241)), "nightly")).toHaveLength(1);
  });

  test("[U] the connection does not count", () => {
    expect(faultsOf({ connection: { kubeconfig: "x".repeat(20_000) } })).toEqual([]);
  });

  test("[U] what is unknown does not count", () => {
    const template = templateOf(10_240);
    const env = [...(template.env ?? []), unknown];
    expect(strictFailures({ ...template, env, args: unknown, command: undefined }, "nightly")).toEqual([]);
  });
});

describe("what is not known or not right", () => {
  test.each([
    "image",
    "cpu",
    "memory",
    "ephemeralStorage",
    "maxExecutionTime",
    "retryLimit",
    "arrayIndices",
    "arraySize",
    "env",
  ])("[U] an unknown %s is no fault", (property) => {
    expect(strictFailures({ [property]: unknown })).toEqual([]);
  });

  test("[U] with an unknown CPU any memory may be right", () => {
    expect(strictFailures({ cpu: unknown, memory: "3G" })).toEqual([]);
  });

  test("[U] with an unknown memory any storage and any CPU of the table may be right", () => {
    expect(strictFailures({ cpu: "12", memory: unknown, ephemeralStorage: "48G" })).toEqual([]);
  });

  test("[U] with an unknown memory a CPU that is not in the table is a fault", () => {
    expect(strictFailures({ cpu: "3", memory: unknown })).toHaveLength(1);
  });

  test("[U] an unknown name is no fault", () => {
    expect(strictFailures({}, unknown)).toEqual([]);
  });

  test.each<[Readonly<Record<string, unknown>>]>([
    [{ cpu: "one", memory: "much", ephemeralStorage: "all" }],
    [{ cpu: 3, memory: 3, ephemeralStorage: {} }],
    [{ maxExecutionTime: "86401", retryLimit: "6", arraySize: "1001" }],
    [{ arrayIndices: "5-1" }],
    [{ arrayIndices: 2_000, image: [] }],
  ])("[U] %j is left to the schema", (template) => {
    expect(strictFailures(template)).toEqual([]);
  });
});
