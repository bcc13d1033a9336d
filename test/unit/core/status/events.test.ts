import type { KubeEvent } from "../../../../provider/core/kube/types";
import { latestEvent, toEventView } from "../../../../provider/core/status/events";
import { at } from "../../support/cluster";
import { warning } from "../../support/events";

const event = (said: Partial<KubeEvent>): KubeEvent => {
  const { lastTimestamp: _time, ...rest } = warning("pod-1", "FailedMount");
  return { ...rest, ...said };
};

describe("the time of an event is the latest that is set:", () => {
  test.each<[string, Partial<KubeEvent>, string]>([
    ["kubelet's", { lastTimestamp: at(9) }, at(9)],
    ["scheduler's", { lastTimestamp: null, eventTime: "2026-01-05T12:00:03.123456Z" }, "2026-01-05T12:00:03.123456Z"],
    [
      "one that comes again and again",
      { eventTime: "2026-01-05T12:00:03.123456Z", series: { lastObservedTime: "2026-01-05T12:01:03.123456Z" } },
      "2026-01-05T12:01:03.123456Z",
    ],
    ["one without any", {}, at(0)],
  ])("[U] %s", (_title, said, time) => {
    expect(toEventView(event(said))?.lastSeen).toBe(time);
  });
});

test("[U] similar events that Kubernetes has put together keep their words, and only those", () => {
  const message = '(combined from similar events): MountVolume.SetUp failed:\n  secret "x" not found';
  expect(toEventView(event({ message }))?.message).toBe('MountVolume.SetUp failed: secret "x" not found');
});

test.each(["MissingClusterDNS", "BackOff", "Unhealthy", "FailedScheduling", "Failed", ""])(
  "[U] %s tells nothing of what a pod waits for that its status does not tell",
  (reason) => {
    expect(toEventView(event({ reason }))).toBeUndefined();
  },
);

describe("the latest event", () => {
  const views = [
    warning("pod-1", "FailedMount", { message: "first", seconds: 3 }),
    warning("pod-1", "FailedMount", { message: "second", seconds: 5 }),
    warning("pod-1", "FailedMount", { message: "same second", seconds: 5 }),
    warning("pod-2", "FailedMount", { message: "of another pod", seconds: 9 }),
    warning("pod-1", "Pulling", { message: "of another reason", seconds: 9 }),
  ].flatMap((said) => toEventView(said) ?? []);
  test.each([views, views.toReversed()])("[U] does not depend on the order in which they come", (...order) => {
    const byObject = Map.groupBy(order, ({ objectUid }) => objectUid);
    const found = latestEvent(byObject, "pod-1", (reason) => reason === "FailedMount");
    expect(found?.message).toBe("second");
  });

  test("[U] of an object without any is none", () => {
    expect(latestEvent(new Map(), "pod-1", () => true)).toBeUndefined();
  });
});
