import type { ListedRun } from "../../../../provider/core/report/lists";
import { runBoard, runsBoard } from "../../../../provider/doors/cli/board";
import { getJobRun } from "../../../../provider/resources/getJobRun";
import { FakeCluster } from "../../resources/fakeCluster";
import { endJob, putPod, settled } from "../../resources/support";
import { at, ended, running } from "../../support/cluster";
import { jobrun, makeRun } from "./support";

let cluster: FakeCluster;
beforeEach(() => (cluster = new FakeCluster()));

const sizes = [
  { columns: 80, rows: 24 },
  { columns: 200, rows: 60 },
] as const;

/** A run of so many indices: the first tenth failed, the next tenth runs, the rest of the first half succeeded. */
async function runOf(count: number): Promise<ListedRun> {
  await makeRun(cluster, { arraySize: count, retryLimit: 0 });
  const place = { client: cluster, namespace: "jobs", settings: {} };
  const run = await getJobRun(place, { name: "nightly" }, { warn: () => undefined });
  const tenth = Math.floor(count / 10);
  const half = Math.floor(count / 2);
  return {
    ...run,
    ...{ createdAt: at(0), status: "running" },
    statusDetails: {
      ...run.statusDetails,
      ...{ failed: tenth, running: tenth, succeeded: half - 2 * tenth, pending: count - half },
      failedIndices: `0-${tenth - 1}`,
      runningIndices: `${tenth}-${2 * tenth - 1}`,
      succeededIndices: `${2 * tenth}-${half - 1}`,
      pendingIndices: `${half}-${count - 1}`,
    },
  };
}

const plain = (text: string): string => text;
const now = Date.parse(at(90));

describe.each(sizes)("on a screen of $columns × $rows", ({ columns, rows }) => {
  const canvas = { columns, rows, paint: plain, now };
  const fits = (lines: readonly string[]): void => {
    expect(lines.length).toBeLessThanOrEqual(rows);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns);
  };

  test.each([1, 10, 100, 1_000, 10_000])(
    "[U] a run of %d indices fits, and none of them is left out",
    async (count) => {
      const lines = runBoard(await runOf(count), "jobs", canvas);
      fits(lines);
      const cells = lines
        .filter((line) => /^ *\d+ {2}[#=.!?]+$/.test(line))
        .map((line) => line.replace(/^ *\d+ {2}/, ""));
      const [, perCell = "1"] = /a cell is (\d+) indices/.exec(lines.at(-1) ?? "") ?? [];
      expect(cells.join("")).toHaveLength(Math.ceil(count / Number(perCell)));
      if (perCell === "1" && count >= 10) {
        const [tenth, half] = [count / 10, count / 2];
        expect(cells.join("")).toBe(
          "!".repeat(tenth) + "=".repeat(tenth) + "#".repeat(half - 2 * tenth) + ".".repeat(count - half),
        );
      }
      expect(lines[0]).toBe("Job run nightly in jobs, task");
      expect(lines[1]).toMatch(/^Running for 90s: /);
    },
  );

  test("[U] of more runs than there are lines, those that go on are shown, and how many are not", async () => {
    const run = await runOf(10);
    const runs = Array.from({ length: 100 }, (_, i): ListedRun => {
      return { ...run, name: `a-run-with-a-rather-long-name-${i}`, status: i < 95 ? "completed" : "running" };
    });
    const lines = runsBoard(runs, "jobs", canvas);
    fits(lines);
    expect(lines[0]).toBe("Job runs in jobs: 100, 5 going on");
    expect(lines[2]).toMatch(/^a-run-with-a-rather-long-name-95 {2}\[####*=+!+\.+\] {2}Running /);
    expect(lines.at(-2)).toMatch(/^and \d+ more/);
  });
});

describe("in a pipe", () => {
  test("[U] a run is a line for each change, and ends with the run", async () => {
    await makeRun(cluster, { arraySize: 2 });
    const watched = jobrun(cluster, "watch nightly");
    await settled();
    putPod(cluster, 0, { state: running() });
    await new Promise((resolve) => setTimeout(resolve, 700));
    putPod(cluster, 0, { state: ended(0) });
    putPod(cluster, 1, { state: ended(0) });
    endJob(cluster, { success: true });
    const { code, out } = await watched;
    expect(code).toBe(0);
    expect(out).toMatch(
      /^nightly: Pending, 2 pending\nnightly: Running, 1 running, 1 pending\n(.*\n)*nightly: Completed, 2 succeeded\n$/,
    );
    expect(out).not.toContain("\u001B");
    expect(cluster.calls.at(-1)).toMatch(/^close /);
  });

  test("[U] all runs go on until somebody ends it", async () => {
    await makeRun(cluster);
    await makeRun(cluster, { name: "other" });
    const signal = AbortSignal.timeout(300);
    const { code, out } = await jobrun(cluster, "watch", { signal });
    expect({ code, out }).toEqual({ code: 130, out: "nightly: Pending, 1 pending\nother: Pending, 1 pending\n" });
  });

  test("[U] a run that is not there is an error", async () => {
    expect(await jobrun(cluster, "watch nobodys")).toMatchObject({
      code: 1,
      err: expect.stringContaining("there is none"),
    });
  });
});
