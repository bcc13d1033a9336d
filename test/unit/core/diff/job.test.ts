import { jobChanged } from "../../../../provider/core/diff/job";
import type { JobInputs } from "../../../../provider/core/spec/types";
import { notKnown } from "../../support/unknowns";

const job: JobInputs = { name: "nightly", image: "app:1" };

test.each<JobInputs>([
  job,
  { ...job, mode: "task", retryLimit: 3, maxExecutionTime: 7_200, env: [], args: [] },
  { ...job, arraySize: 1 },
  { ...job, cpu: "1000m", memory: "4000M" },
])("[U] the same job in other words is no change: %j", (after) => {
  expect(jobChanged(job, after)).toBe(false);
  expect(jobChanged(after, job)).toBe(false);
});

test.each<JobInputs>([
  { ...job, image: "app:2" },
  { ...job, env: [{ name: "A", value: "" }] },
  { ...job, command: ["a"] },
  { ...job, mode: "daemon" },
  { ...job, arrayIndices: "1" },
  { ...job, memory: "4Gi" },
  { ...job, connection: { context: "other" } },
  { ...job, image: notKnown("string") },
  { ...job, arrayIndices: notKnown("string") },
])("[U] another job, or another way to its cluster, is a change: %j", (after) => {
  expect(jobChanged(job, after)).toBe(true);
});

test("[U] another secret value is a change", () => {
  const of = (value: string): JobInputs => ({ ...job, env: [{ name: "A", value, secret: true }] });
  expect(jobChanged(of("one"), of("two"))).toBe(true);
  expect(jobChanged(of("one"), of("one"))).toBe(false);
});
