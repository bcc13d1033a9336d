import { reporter } from "../../../provider/resources/reporter";
import type { Trouble } from "../../../provider/core/status/trouble";
import { pod, running, seen, unschedulable, waiting } from "../support/cluster";
import { runSpec } from "../support/specs";
import { hookContext } from "./support";

type Observed = Parameters<typeof seen>[1];

const task = runSpec({ arraySize: 3 });

/** A row, and the looks that it is shown for; `left` makes a trouble one that ends the wait. */
function row() {
  const context = hookContext();
  const report = reporter(context.log, task);
  const look = (observed: Observed, left?: number): number | undefined => {
    const view = seen(task, observed);
    const [trouble] = view.troubles as [Trouble];
    return report(left === undefined ? view : { ...view, limit: { trouble, graceSeconds: 60, secondsLeft: left } });
  };
  return { look, rows: context.statuses };
}

const noRoom = (message = "no room"): Observed => ({ pods: [pod(0, { conditions: [unschedulable(message)] })] });
const runs = (count: number): Observed => ({
  pods: Array.from({ length: count }, (_, i) => pod(i, { state: running() })),
});
const noImage: Observed = { pods: [pod(0, { state: waiting("ErrImagePull", "no") })] };

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const pass = (seconds: number): void => {
  jest.advanceTimersByTime(seconds * 1_000);
};

test("[U] the same is not shown twice", () => {
  const { look, rows } = row();
  expect(look(runs(1))).toBeUndefined();
  pass(100);
  expect(look(runs(1))).toBeUndefined();
  expect(rows).toEqual(["0/3 succeeded, 1 running, 2 pending"]);
});

test("[U] what is new is shown every 2 s in the first minute, then every 30 s", () => {
  const { look, rows } = row();
  look(runs(1));
  pass(0.5);
  expect(look(runs(2))).toBeCloseTo(1.5);
  pass(1.5);
  expect(look(runs(2))).toBeUndefined();
  expect(rows).toHaveLength(2);
  pass(60);
  look(runs(3));
  pass(10);
  expect(look(runs(1))).toBeCloseTo(20);
});

test("[U] a kind of trouble that was not there before is shown at once, and only the first time", () => {
  const { look, rows } = row();
  look(runs(1));
  look(noRoom());
  look(noImage);
  expect(rows).toHaveLength(3);
  expect(look(noRoom())).toBeCloseTo(2);
  expect(rows).toHaveLength(3);
});

test.each<[string, (look: ReturnType<typeof row>["look"]) => number | undefined]>([
  ["other words", (look) => look(noRoom("no room at all"), 60)],
  ["less time left", (look) => look(noRoom(), 59)],
])("[U] %s for the same are shown after 30 s, also in the first minute", (_title, again) => {
  const { look, rows } = row();
  look(noRoom(), 60);
  pass(5);
  expect(again(look)).toBeCloseTo(25);
  pass(25);
  again(look);
  expect(rows).toHaveLength(2);
});

test("[U] the time is shown that is left", () => {
  const { look, rows } = row();
  look(noRoom(), 44.2);
  expect(rows).toEqual(["0/3 succeeded, 3 pending; index 0: [Unschedulable] no room (fails in 45 s)"]);
});
