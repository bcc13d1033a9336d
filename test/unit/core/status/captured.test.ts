import fc from "fast-check";
import { capturable, earlierLogs, lackingLogs, lastBytes, shareOf } from "../../../../provider/core/status/captured";
import { condition, daemonPod, ended, kubeJob, pod, running, seen, waiting } from "../../support/cluster";
import { runSpec } from "../../support/specs";

const task = runSpec({ arraySize: 4, retryLimit: 1 });
const daemon = runSpec({ mode: "daemon" });

describe("whose logs are captured", () => {
  const read = (...[view, spec, more]: Parameters<typeof capturable>): string[] =>
    capturable(view, spec, more).map(({ pod: { name }, previous }) => (previous ? `${name} before` : name));

  test("[U] the last attempt of every index that has run", () => {
    const pods = [
      pod(0, { state: ended(0) }),
      pod(1, { attempt: 0, state: ended(7) }),
      pod(1, { attempt: 1, state: ended(0) }),
      pod(2, { state: running(), deleting: true }),
      pod(3, { state: waiting("ImagePullBackOff") }),
    ];
    expect(read(seen(task, { pods }), task)).toEqual(["nightly-0-0", "nightly-1-1", "nightly-2-0"]);
  });

  test("[U] of a resumed run, the present attempt of what ran again, and the last one of everything else", () => {
    const before = seen(task, { jobs: [kubeJob({ completed: "0-1", failed: "2-3" })] }).statusDetails;
    const resumed = { ...task, resumed: { attempt: 2, indices: "2-3", before } };
    const old = [0, 1, 2, 3].map((index) => pod(index, { attempt: 1, state: ended(index < 2 ? 0 : 7) }));
    const view = seen(resumed, {
      pods: [...old, pod(2, { uid: "again", attempt: 2, runAttempt: 2, state: ended(0) })],
    });
    expect(read(view, resumed)).toEqual(["nightly-0-1", "nightly-1-1", "nightly-2-2"]);
    expect(read(view, resumed, { known: { 0: "kept" } })).toEqual(["nightly-1-1", "nightly-2-2"]);
  });

  test("[U] of a daemon that was restarted, what it prints now; of one that is given up, what it printed before", () => {
    const view = seen(daemon, { pods: [daemonPod(0, { state: running(), restarts: 3, lastState: ended(4) })] });
    expect(read(view, daemon)).toEqual(["nightly-0-0"]);
    expect(read(view, daemon, { failed: true })).toEqual(["nightly-0-0 before"]);
  });
});

test("[U] earlier logs stand for what did not run again", () => {
  const before = seen(task, {}).statusDetails;
  const resumed = { ...task, resumed: { attempt: 2, indices: "2-3", before } };
  expect(earlierLogs(resumed, { 0: "a", 2: "b", 3: "c" })).toEqual({ 0: "a" });
  expect(earlierLogs(resumed)).toEqual({});
});

describe("how much is captured", () => {
  test.each([
    [1, 16_384],
    [64, 16_384],
    [65, 16_131],
    [1_000, 1_048],
    [10_000, 104],
  ])("[U] of %i indices, %i bytes each", (arraySize, bytes) => {
    expect(shareOf({ arraySize })).toBe(bytes);
    expect(bytes * arraySize).toBeLessThanOrEqual(1_048_576);
  });

  test.each([
    ["all that fits", "one\ntwo", 7, "one\ntwo"],
    ["no last line break", "one\n", 3, "one"],
    ["no last line break of Windows", "one\r\n", 3, "one"],
    ["further line breaks", "one\n\n", 4, "one\n"],
    ["the end", "0123456789 0123456789", 20, "[truncated] 23456789"],
    ["whole characters", "0123456789 ääääääää", 19, "[truncated] äää"],
    ["nothing of nothing", "", 20, ""],
  ])("[U] %s", (_title, text, most, expected) => {
    expect(lastBytes(text, most)).toBe(expected);
  });

  test("[P] never more bytes than that, and always the end of the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 400 }), fc.integer({ min: 16, max: 300 }), (text, most) => {
        const captured = lastBytes(text, most);
        expect(Buffer.byteLength(captured)).toBeLessThanOrEqual(most);
        expect(text.replace(/\r?\n$/, "").endsWith(captured.replace(/^\[truncated\] /, ""))).toBe(true);
      }),
    );
  });
});

describe("what was not captured", () => {
  const done = seen(task, { jobs: [kubeJob({ completed: "0-2", failed: "3", conditions: [condition("Complete")] })] });

  test("[U] is told in a line for each reason", () => {
    const errors = new Map([
      [1, "no answer"],
      [3, "no answer"],
    ]);
    expect(lackingLogs(done, { 0: "a" }, errors)).toEqual([
      "`capturedLogs` lacks indices 1,3: no answer",
      "`capturedLogs` lacks index 2: there is no pod of it any more, or none to be seen",
    ]);
  });

  test("[U] is not told of what failed without having run", () => {
    expect(lackingLogs(done, { 0: "a", 1: "", 2: "c" }, new Map())).toEqual([]);
  });
});
