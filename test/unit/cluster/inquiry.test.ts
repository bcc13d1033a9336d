import { ClusterError } from "../../../provider/cluster/errors";
import { openInquiry } from "../../../provider/cluster/inquiry";
import type { EventKind } from "../../../provider/core/status/events";
import type { EventView } from "../../../provider/core/status/types";

const event: EventView = {
  objectUid: "job-all",
  reason: "FailedCreate",
  message: "no",
  lastSeen: "2026-01-05T12:00:00Z",
};

/** An inquiry whose answers come when the test says so. */
function open() {
  const asked: EventKind[] = [];
  const warnings: string[] = [];
  let answer = Promise.withResolvers<readonly EventView[]>();
  const list = (kind: EventKind): Promise<readonly EventView[]> => {
    asked.push(kind);
    answer = Promise.withResolvers<readonly EventView[]>();
    return answer.promise;
  };
  const inquiry = openInquiry(list, (message) => warnings.push(message));
  const arrive = async (settle: () => void): Promise<void> => {
    settle();
    await new Promise(setImmediate);
  };
  return {
    inquiry,
    asked,
    warnings,
    comes: () => arrive(() => answer.resolve([event])),
    fails: (error = new Error("the server is away")) => arrive(() => answer.reject(error)),
  };
}

beforeEach(() => jest.useFakeTimers({ doNotFake: ["setImmediate"] }));
afterEach(() => jest.useRealTimers());

const pass = (seconds: number): void => {
  jest.advanceTimersByTime(seconds * 1_000);
};

test("[U] nobody is asked while nothing is wanted", () => {
  const { inquiry, asked } = open();
  expect(inquiry.ask([])).toBeUndefined();
  expect(asked).toEqual([]);
});

test("[U] the answer is known when it has come, and whoever waits is woken", async () => {
  const { inquiry, comes } = open();
  inquiry.ask(["Job"]);
  const arrived = inquiry.arrived();
  expect(inquiry.events()).toEqual([]);
  expect(arrived.aborted).toBe(false);
  await comes();
  expect(inquiry.events()).toEqual([event]);
  expect(arrived.aborted).toBe(true);
  expect(inquiry.arrived().aborted).toBe(false);
});

test("[U] nobody is asked twice at a time", () => {
  const { inquiry, asked } = open();
  inquiry.ask(["Job"]);
  pass(60);
  inquiry.ask(["Job"]);
  expect(asked).toEqual(["Job"]);
});

test("[U] a trouble that lasts is asked about after 4 s, then less and less often, at least every 30 s", async () => {
  const { inquiry, asked, comes } = open();
  const pauses = [];
  for (let i = 0; i < 6; i++) {
    const pause = inquiry.ask(["Job"]) ?? 0;
    await comes();
    pass(pause - 0.5);
    expect(inquiry.ask(["Job"])).toBeCloseTo(0.5);
    pass(0.5);
    pauses.push(pause);
  }
  expect(pauses).toEqual([4, 8, 16, 30, 30, 30]);
  expect(asked).toHaveLength(6);
});

test("[U] what was over for a look is asked about at once", async () => {
  const { inquiry, asked, comes } = open();
  inquiry.ask(["Job"]);
  await comes();
  inquiry.ask([]);
  inquiry.ask(["Job"]);
  expect(asked).toEqual(["Job", "Job"]);
});

test("[U] kinds have their own times", async () => {
  const { inquiry, asked, comes } = open();
  inquiry.ask(["Job"]);
  await comes();
  pass(3);
  expect(inquiry.ask(["Job", "Pod"])).toBe(1);
  expect(asked).toEqual(["Job", "Pod"]);
});

test("[U] events that cannot be listed are a warning, once, and the wait goes on", async () => {
  const { inquiry, warnings, fails } = open();
  for (let i = 0; i < 3; i++) {
    inquiry.ask(["Job"]);
    await fails();
    pass(60);
  }
  expect(warnings).toEqual(["what keeps pods from starting is not shown in full: the server is away"]);
  expect(inquiry.events()).toEqual([]);
});

test("[U] that they may not be listed has been told before, and is not told again", async () => {
  const { inquiry, warnings, fails } = open();
  inquiry.ask(["Job"]);
  await fails(new ClusterError("events is forbidden", { status: 403 }));
  expect(warnings).toEqual([]);
  expect(inquiry.events()).toEqual([]);
});

test("[U] what was known stays known when a later answer does not come", async () => {
  const { inquiry, comes, fails } = open();
  inquiry.ask(["Job"]);
  await comes();
  pass(60);
  inquiry.ask(["Job"]);
  await fails();
  expect(inquiry.events()).toEqual([event]);
});
