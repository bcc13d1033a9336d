import { quote, validateShape } from "../../../../provider/core/spec/validate";

const places = (inputs: object): string[] =>
  validateShape("jobrun:index:Job", { image: "app:1", ...inputs }).map(({ property }) => property);

test.each([
  [{ name: 7 }, "name"],
  [{ connection: { context: 7 } }, "connection.context"],
  [{ env: [{ name: "A" }, { name: "B" }, { name: 7 }] }, "env[2].name"],
  [{ env: [{ name: "A", valueFrom: { secretKeyRef: { name: "s", key: 7 } } }] }, "env[0].valueFrom.secretKeyRef.key"],
  [{ command: ["a", 7] }, "command[1]"],
  [{ labels: { app: 7 } }, "labels.app"],
  [{ labels: { "app.kubernetes.io/name": 7 } }, 'labels["app.kubernetes.io/name"]'],
  [{ "a b": 1 }, '["a b"]'],
  [{ 'say "x"': 1 }, '["say \\"x\\""]'],
  [{ "a/b~c": 1 }, '["a/b~c"]'],
  [{ "7": 1 }, "[7]"],
  [{ ["p".repeat(200)]: 1 }, "p".repeat(200)],
  [{ ["p ".repeat(200)]: 1 }, `["${"p ".repeat(40)}"]`],
])("[U] the fault of %j is at %s", (inputs, property) => {
  expect(places(inputs)).toEqual([property]);
});

test.each([
  ["text", '"text"'],
  [7, "7"],
  [true, "true"],
  [null, "null"],
  [undefined, "undefined"],
  [[1, 2], "a list of 2"],
  [{ a: 1 }, "an object"],
])("[U] a message shows %j as %s", (value, shown) => {
  expect(quote(value)).toBe(shown);
});

test("[U] a long text is cut", () => {
  expect(quote("x".repeat(1_000))).toBe(`"${"x".repeat(80)}"… (1000 characters)`);
});

test.each([
  ["hunter2", "a string"],
  [7, "a number"],
  [{ a: "hunter2" }, "an object"],
  [["hunter2"], "a list of 1"],
  [null, "null"],
])("[U] of a confidential %j only the kind is shown", (value, shown) => {
  expect(quote(value, true)).toBe(shown);
});
