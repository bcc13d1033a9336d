import { propertyPath, quote } from "../../../../provider/core/spec/validate";

test.each([
  [["name"], "name"],
  [["env", "2", "name"], "env[2].name"],
  [["wait", "until"], "wait.until"],
  [["a b"], '["a b"]'],
  [["labels", "app.kubernetes.io/name"], 'labels["app.kubernetes.io/name"]'],
  [["labels", 'say "x"'], 'labels["say \\"x\\""]'],
  [[], ""],
])("[U] the steps %j are the property %s", (steps, path) => {
  expect(propertyPath(steps)).toBe(path);
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
  expect(quote("x".repeat(1_000))).toMatch(/^"x{79}… \(\d+ characters\)$/);
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
