import { owedWork } from "../../../../provider/core/diff/owedWork";

test.each([
  ["pending", {}, "will create the objects that are missing"],
  ["failed", { started: false }, "will create the objects that are missing"],
  ["running", { started: true }, "will wait on: it has not reached what is waited for"],
  ["unknown", { started: true, reached: false }, "will wait on: it has not reached what is waited for"],
  ["failed", { started: true }, "failed, and counts as failed until its inputs change"],
  ["completed", { started: true, reached: true }, undefined],
  // What was waited for has been seen: what came later is not owed.
  ["running", { started: true, reached: true }, undefined],
  ["failed", { started: true, reached: true }, undefined],
])("[U] a run that is %s, with %j, owes: %s", (status, progress, owed) => {
  expect(owedWork({ status }, progress)).toBe(owed);
});
