import { recentEvents } from "../../../provider/cluster/events";
import { requestJson } from "../../../provider/cluster/request";
import type { ClusterClient } from "../../../provider/cluster/port";
import { refusal } from "../../support/fakeApiServer";
import { warning } from "../support/events";
import { serverForEach } from "./support";

const each = serverForEach();
const path = "/api/v1/namespaces/jobs/events";

let events: ClusterClient["events"];
beforeEach(() => {
  events = recentEvents((request) => requestJson(each.connection, request));
  each.api.collection(path).put(warning("job-1", "FailedCreate"), warning("job-2", "BackoffLimitExceeded"));
});

test("[U] one list for the namespace tells of a kind of objects; what tells nothing is dropped", async () => {
  expect(await events("jobs", "Job")).toEqual([
    { objectUid: "job-1", reason: "FailedCreate", message: "no", lastSeen: "2026-01-05T12:00:01Z" },
  ]);
  expect(each.api.requests).toHaveLength(1);
  expect(each.api.requests[0]?.query).toMatchObject({ fieldSelector: "involvedObject.kind=Job,type=Warning" });
});

test("[U] of pods also ordinary events are asked for that say that an image is being pulled", async () => {
  await events("jobs", "Pod");
  const { fieldSelector = "" } = each.api.requests[0]?.query ?? {};
  expect(fieldSelector).toMatch(/^involvedObject.kind=Pod,/);
  expect(fieldSelector).not.toMatch(/type=|Pulling/);
  expect(fieldSelector.split(",")).toContain("reason!=Scheduled");
});

test("[U] runs that ask at the same time share one list; kinds and namespaces do not", async () => {
  await Promise.all(Array.from({ length: 50 }, () => events("jobs", "Job")));
  expect(each.api.requests).toHaveLength(1);
  await events("jobs", "Pod");
  each.api.collection(path.replace("jobs", "other"));
  await events("other", "Job");
  expect(each.api.requests).toHaveLength(3);
});

test("[U] an answer is used for two seconds", async () => {
  const clock = jest.spyOn(performance, "now");
  clock.mockReturnValue(10_000);
  await events("jobs", "Job");
  clock.mockReturnValue(11_900);
  await events("jobs", "Job");
  expect(each.api.requests).toHaveLength(1);
  clock.mockReturnValue(12_000);
  await events("jobs", "Job");
  expect(each.api.requests).toHaveLength(2);
  clock.mockRestore();
});

test("[U] a missing right rejects", async () => {
  each.api.answers.push(refusal(403, "Forbidden", "events is forbidden"));
  await expect(events("jobs", "Job")).rejects.toMatchObject({ status: 403 });
});
