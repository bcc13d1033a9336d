import { owedWork } from "../../../../provider/core/diff/owedWork";

const create = { reason: "will create the objects that are missing", again: false };
const wait = { reason: "will wait on: it has not reached what is waited for", again: false };
const again = { reason: "will run again: it failed", again: true };
const keep = { reason: "failed, and counts as failed until its inputs change", again: false };

test.each([
  ["pending", {}, {}, create],
  ["failed", { started: false }, {}, create],
  ["failed", { started: false }, { onFailure: "rerun" }, create],
  ["running", { started: true }, {}, wait],
  ["running", { started: true }, { onFailure: "rerun" }, wait],
  ["unknown", { started: true, reached: false }, {}, wait],
  // A task that was to wait for its start only: `completed` without having been seen running.
  ["completed", { started: true, reached: false }, {}, wait],
  ["failed", { started: true }, { onFailure: "rerun" }, again],
  ["failed", { started: true, reached: false }, { onFailure: "rerun" }, again],
  ["failed", { started: true }, {}, keep],
  ["failed", { started: true }, { onFailure: "resume" }, keep],
  ["failed", { started: true }, { onFailure: "keep" }, keep],
  ["completed", { started: true, reached: true }, {}, undefined],
  // What was waited for has been seen: what came later is not owed.
  ["running", { started: true, reached: true }, {}, undefined],
  ["failed", { started: true, reached: true }, {}, undefined],
  ["failed", { started: true, reached: true }, { onFailure: "rerun" }, undefined],
  // State that another version wrote: what is not known as reached is waited for.
  [undefined, { started: true }, {}, wait],
] as const)("[U] a run that is %s, with %j and the inputs %j, owes %j", (status, progress, inputs, owed) => {
  expect(owedWork({ status, ...progress }, inputs)).toEqual(owed);
});
