import { refusal } from "../../support/fakeApiServer";
import { kubeJob, pod } from "../support/cluster";
import { followedForEach } from "./followed";
import { pauses } from "./pauses";
import { until } from "./support";

jest.mock("node:timers/promises", () => jest.requireActual<typeof import("./pauses")>("./pauses").shortTimers());

const each = followedForEach();
const never = new AbortController().signal;
afterEach(() => {
  pauses.length = 0;
});

const forbidden = (count = 1_000) => Array.from({ length: count }, () => refusal(403, "Forbidden", "not for you"));
const path = (plural: string) => `/apis/batch/v1/namespaces/jobs/${plural}`;

describe("what is needed for the verdict", () => {
  test.each([
    [401, "Unauthorized", "the server does not accept the credentials of the test"],
    [403, "Forbidden", "not for you"],
  ])("[U] and is refused again and again (%i) ends the wait for the first view", async (status, reason, why) => {
    each.jobs.listAnswers.push(...Array.from({ length: 1_000 }, () => refusal(status, reason, "not for you")));
    await expect(each.follow().ready(never)).rejects.toThrow(
      `cannot list ${path("jobs")}: ${status} ${reason} - ${why}`,
    );
    expect(each.notes).toEqual([]);
  });

  test("[U] and is refused later ends the wait for a change", async () => {
    const feed = each.follow();
    await feed.ready(never);
    each.jobs.listAnswers.push(...forbidden());
    each.jobs.watchAnswers.push(...forbidden());
    each.jobs.cut();
    const changes = async (): Promise<never> => {
      for (;;) await feed.changed(never, 4);
    };
    await expect(changes()).rejects.toThrow(`cannot list ${path("jobs")}: 403 Forbidden - not for you`);
  });

  test("[U] and has been refused already when the run is followed ends its wait at once", async () => {
    each.jobs.listAnswers.push(...forbidden());
    await expect(each.follow().ready(never)).rejects.toThrow("403 Forbidden");
    const { length } = each.jobs.lists;
    await expect(each.follow({ runUid: "run-2" }).ready(never)).rejects.toThrow("403 Forbidden");
    expect(each.jobs.lists.length - length).toBeLessThanOrEqual(1);
  });

  test("[U] and was refused for a moment is no trouble", async () => {
    each.jobs.listAnswers.push(...forbidden(3));
    await expect(each.follow().ready(never)).resolves.toBe(true);
    expect(each.notes).toEqual([]);
  });

  test("[U] is not what another kind's refusal is about, however often the other one answers", async () => {
    each.jobs.listAnswers.push(...forbidden());
    const feed = each.follow();
    const refused = expect(feed.ready(never)).rejects.toThrow("403 Forbidden");
    for (let index = 0; index < 20; index++) {
      each.pods.put(pod(index));
      await new Promise(setImmediate);
    }
    await refused;
  });

  test("[U] of one run is not what another run needs", async () => {
    each.jobs.listAnswers.push(...forbidden());
    each.pods.put(pod(0));
    const daemon = each.follow({ needed: "Pod", helpful: ["Deployment", "Job"] });
    await expect(daemon.ready(never)).resolves.toBe(true);
    expect(daemon.view().pods).toHaveLength(1);
    expect(each.notes).toEqual([expect.stringContaining("the wait goes on without what the Jobs tell")]);
  });
});

describe("what only helps", () => {
  test("[U] and is refused is told once, and the run is judged from the rest", async () => {
    each.jobs.put(kubeJob());
    each.pods.listAnswers.push(...forbidden());
    const feed = each.follow();
    await expect(feed.ready(never)).resolves.toBe(true);
    expect(feed.view()).toMatchObject({ jobs: [{ name: "nightly" }], pods: [] });
    await until(() => each.pods.lists.length > 7);
    await feed.changed(never, 4);
    expect(each.notes).toEqual([
      "cannot list /api/v1/namespaces/jobs/pods: 403 Forbidden - not for you; the wait goes on without what the Pods tell: to see it, grant `list` and `watch` on them",
    ]);
  });

  test("[U] is seen as soon as it is allowed", async () => {
    each.pods.put(pod(0));
    each.pods.listAnswers.push(...forbidden(6));
    const feed = each.follow();
    await feed.ready(never);
    while (feed.view().pods.length === 0) await feed.changed(never, 4);
    expect(each.pods.openWatches).toBeLessThanOrEqual(1);
  });

  test("[U] is asked for only by who wants it", async () => {
    await each.follow().ready(never);
    expect(each.deployments.lists).toEqual([]);
    await each.follow({ needed: "Pod", helpful: ["Deployment"] }).ready(never);
    expect([each.deployments.lists.length, each.pods.lists.length]).toEqual([1, 1]);
  });
});

describe("a watch that is not allowed", () => {
  test("[U] is replaced by lists with pauses of 5 to 30 seconds, and told once", async () => {
    each.pods.watchAnswers.push(...forbidden());
    const feed = each.follow();
    await feed.ready(never);
    each.pods.put(pod(0));
    while (feed.view().pods.length === 0) await feed.changed(never, 4);
    await until(() => pauses.length >= 8);
    expect(each.notes).toEqual([
      "cannot watch /api/v1/namespaces/jobs/pods: 403 Forbidden - not for you; the Pods are listed every 5 to 30 s instead: to know at once, grant `watch` on them",
    ]);
    for (const pause of pauses) expect(pause).toBeGreaterThanOrEqual(5_000);
    for (const pause of pauses) expect(pause).toBeLessThanOrEqual(30_000);
    expect(pauses.at(-1)).toBeGreaterThanOrEqual(15_000);
  });
});
