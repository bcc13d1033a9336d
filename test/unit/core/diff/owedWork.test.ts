import { owedWork } from "../../../../provider/core/diff/owedWork";

const goOn = { again: false, resume: false };
const create = { reason: "will bring the objects in line that are missing or not as they should be", ...goOn };
const wait = { reason: "will wait on: it has not reached what is waited for", ...goOn };
const again = { reason: "will run again: it failed", again: true, resume: false };
const resume = { reason: "will run indices 3,7-8 again as attempt 2", again: false, resume: true };
const keep = { reason: "failed, and counts as failed until its inputs change", ...goOn };
const ofArray = { arrayIndices: "3-8", statusDetails: { succeededIndices: "4-6" }, attempt: 1 };

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
  ["failed", { started: true }, {}, resume],
  ["failed", { started: true }, { onFailure: "resume" }, resume],
  ["failed", { started: true }, { onFailure: "keep" }, keep],
  ["completed", { started: true, reached: true }, {}, undefined],
  // What was waited for has been seen: what came later is not owed.
  ["running", { started: true, reached: true }, {}, undefined],
  ["failed", { started: true, reached: true }, {}, undefined],
  ["failed", { started: true, reached: true }, { onFailure: "rerun" }, undefined],
] as const)("[U] a run that is %s, with %j and the inputs %j, owes %j", (status, progress, inputs, owed) => {
  expect(owedWork({ ...ofArray, status, ...progress }, inputs)).toEqual(owed);
});

test("[U] one index that runs again is told as one, and the attempts are counted", () => {
  const stored = {
    status: "failed",
    started: true,
    arrayIndices: "0",
    statusDetails: { succeededIndices: "" },
    attempt: 2,
  };
  expect(owedWork(stored, {})).toMatchObject({ reason: "will run index 0 again as attempt 3" });
});
