import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { fromWire, toWire } from "../../../../provider/doors/plugin/values";

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const secret = (value: unknown) => ({ [SIGNATURE]: "1b47061264138c4ac30d75fd1eb44270", value });
const struct = (value: object) => Struct.fromJavaScript(value as Parameters<typeof Struct.fromJavaScript>[0]);

test.each([
  ["nothing", {}, {}, []],
  ["plain values", { a: 1, b: "x", c: [true, null] }, { a: 1, b: "x", c: [true, null] }, []],
  ["a secret", { a: secret("s") }, { a: "s" }, ["a"]],
  [
    "a secret in a list",
    { env: [{ value: "p" }, { value: secret("s") }] },
    { env: [{ value: "p" }, { value: "s" }] },
    ["env[1].value"],
  ],
  ["a whole list", { env: secret([{ value: "s" }]) }, { env: [{ value: "s" }] }, ["env"]],
  ["a secret in a secret", { a: secret({ b: secret("s") }) }, { a: { b: "s" } }, ["a", "a.b"]],
  [
    "an unknown value",
    { a: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" },
    { a: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" },
    [],
  ],
  [
    "an asset, which is no secret",
    { a: { [SIGNATURE]: "c44067f5", text: "t" } },
    { a: { [SIGNATURE]: "c44067f5", text: "t" } },
    [],
  ],
])("[U] off the wire: %s", (_title, sent, props, secrets) => {
  expect(fromWire(struct(sent))).toEqual({ props, secrets });
});

test("[U] off the wire: no properties at all", () => {
  expect(fromWire(undefined)).toEqual({ props: {}, secrets: [] });
});

test.each([
  ["plain values", { a: [1, { b: "x" }] }, [], { a: [1, { b: "x" }] }],
  ["without what is undefined", { a: undefined, b: { c: undefined } }, [], { b: {} }],
  [
    "a secret where it stands",
    { env: [{ value: "p" }, { value: "s" }] },
    ["env[1].value"],
    { env: [{ value: "p" }, { value: secret("s") }] },
  ],
  ["a whole list, once", { env: [{ value: "s" }] }, ["env", "env[0].value"], { env: secret([{ value: "s" }]) }],
  ["a path that leads nowhere any more", { env: [] }, ["env[3].value"], { env: [] }],
])("[U] onto the wire: %s", (_title, props, secrets, sent) => {
  expect(toWire(props, secrets).toJavaScript()).toEqual(sent);
});
