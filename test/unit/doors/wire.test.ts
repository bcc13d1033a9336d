import type { JobRunInputs } from "../../../provider/core/spec/types";
import { markedInputsOf, metaOf, toInputs, toOutputs } from "../../../provider/doors/dynamic/wire";
import { inputsOf, stateOf } from "../../../provider/doors/props";
import type { State } from "../../../provider/resources/contract";

const meta = { urn: "urn", project: "shop", stack: "dev", name: "nightly", secrets: ["env[0].value"], timeouts: {} };
const wire = { __meta: meta, __provider: "exports.handler = …" };
/** The wire of a resource that was given no secret. */
const open = { ...wire, __meta: { ...meta, secrets: [] } };
const given = { image: "app:1", env: [{ name: "PASSWORD", value: "hunter2" }] };
const marked = { image: "app:1", env: [{ name: "PASSWORD", value: "hunter2", secret: true }] } as const;

const stateWith = (inputs: JobRunInputs, outputs: object = { name: "nightly-1" }): State<JobRunInputs> => ({
  outputs: { ...outputs },
  hidden: { inputs, server: "https://cluster", namespace: "jobs", uid: "record-uid", started: true, reached: true },
});

/** Pulumi's mark of a secret on the wire. */
const SECRET = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };

describe("inputs", () => {
  test("[U] are the user's part, as it was given", () => {
    expect(inputsOf({ ...given, ...wire })).toStrictEqual(given);
  });

  test("[U] carry the marks of their secrets inside, and lose them on the way back", () => {
    const inside = markedInputsOf<JobRunInputs>({ ...given, ...wire });
    expect(inside).toStrictEqual(marked);
    const named: JobRunInputs = { ...inside, name: "nightly-1" };
    expect(toInputs(named, wire)).toStrictEqual({ ...given, name: "nightly-1", ...wire });
  });

  test("[U] go back without members that are not defined", () => {
    expect(toInputs({ ...given, connection: undefined } as never, wire)).toStrictEqual({ ...given, ...wire });
  });

  test.each([{}, { __meta: undefined }, { __meta: null }, { __meta: "text" }, { __meta: [] }])(
    "[U] without what the constructor adds are refused: %j",
    (props) => {
      const words = "this resource was not made by the classes of pulumi-jobrun: use `new Job` or `new JobRun`";
      expect(() => metaOf(props)).toThrow(words);
      expect(() => stateOf({ ...props, name: "nightly" })).toThrow(words);
    },
  );
});

describe("outputs", () => {
  test("[U] hold what programs see, what the host needs, and the hidden part", () => {
    const state = stateWith({ image: "app:1" });
    expect(toOutputs(state, { ...open, image: "app:1" })).toStrictEqual({
      name: "nightly-1",
      ...open,
      __state: state.hidden,
    });
  });

  test("[U] are read back as the state that was kept", () => {
    const state = stateWith({ image: "app:1" }, { name: "nightly-1", statusDetails: { indices: {} } });
    expect(stateOf(toOutputs(state, open))).toStrictEqual(state);
  });

  test("[U] never hold what the wire cannot carry", () => {
    const outputs = { a: undefined, b: { c: undefined }, d: Number.NaN, e: [Number.POSITIVE_INFINITY] };
    const sent = toOutputs(stateWith({ image: "app:1", namespace: undefined } as never, outputs), wire);
    expect(unsendable(sent)).toEqual([]);
    expect(sent).not.toHaveProperty("a");
    expect(sent).toMatchObject({ b: {} });
  });

  test.each<[string, JobRunInputs, string[], boolean]>([
    ["nothing is secret", given, [], false],
    ["a context is named", { ...given, connection: { context: "c" } }, [], false],
    ["a value is secret", marked, ["env[0].value"], true],
    ["another field is secret", { image: "app:1", args: ["hunter2"] }, ["args[0]"], true],
    ["a value of the job is secret", { job: "report", jobDefinition: marked }, ["jobDefinition.env[0].value"], true],
    ["a kubeconfig is given", { image: "app:1", connection: { kubeconfig: "apiVersion: v1" } }, [], true],
  ])(
    "[U] when %s, whether the hidden part of %j, secret %j, is encrypted: %s",
    (_title, inputs, secrets, encrypted) => {
      const state = stateWith(inputs);
      const sent = toOutputs(state, { ...wire, __meta: { ...meta, secrets } });
      expect(sent["__state"]).toStrictEqual(encrypted ? { ...SECRET, value: state.hidden } : state.hidden);
      expect(JSON.stringify({ ...sent, __state: undefined })).not.toContain("hunter2");
    },
  );

  test("[U] that the hidden part names are encrypted, whatever the inputs say, and come back in plain text", () => {
    const { hidden, ...state } = stateWith({ image: "app:1" }, { name: "nightly-1", capturedLogs: { 0: "a" } });
    const secret = { ...state, hidden: { ...hidden, secretOutputs: ["capturedLogs", "notThere"] } };
    const sent = toOutputs(secret, open);
    expect(sent["capturedLogs"]).toStrictEqual({ ...SECRET, value: { 0: "a" } });
    expect(sent).not.toHaveProperty("notThere");
    expect(toOutputs({ ...state, hidden }, open)["capturedLogs"]).toStrictEqual({ 0: "a" });
  });

  const outputs = { args: ["hunter2"], labels: { a: "hunter2" }, env: [{ name: "A" }], argsOther: 1 };
  test.each<[string[], string[]]>([
    [[], []],
    [["args[0]"], []],
    [["jobDefinition.args[0]"], ["args"]],
    [["jobDefinition.args"], ["args"]],
    [["jobDefinition.labels.a"], ["labels"]],
    [["jobDefinition.env[0].value"], []],
    [["jobDefinition"], ["args", "labels", "argsOther"]],
  ])("[U] what came from a secret of the job is an encrypted output: %j makes %j so", (secrets, encrypted) => {
    const sent = toOutputs(stateWith({ image: "app:1" }, outputs), { ...wire, __meta: { ...meta, secrets } });
    for (const [key, value] of Object.entries(outputs))
      expect(sent[key]).toStrictEqual(encrypted.includes(key) ? { ...SECRET, value } : value);
  });
});

/** Paths of everything that cannot be sent. */
function unsendable(value: unknown, path = "outputs"): string[] {
  if (value === undefined || (typeof value === "number" && !Number.isFinite(value))) return [path];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => unsendable(member, `${path}.${key}`));
}
