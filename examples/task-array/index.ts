import { Job, JobRun } from "pulumi-jobrun";

const job = new Job("report", {
  image: "docker.io/library/busybox:1",
  command: ["sh", "-c", 'echo "part $JOB_INDEX of $JOB_ARRAY_SIZE"; sleep 1'],
  arraySize: 5,
  retryLimit: 1,
  maxExecutionTime: 300,
  cpu: "50m",
  memory: "64M",
});

// `pulumi up` waits until every instance has ended, and fails when one of them failed.
const run = new JobRun("report-run", { job });

export const namespace = run.namespace;
export const name = run.name;
export const status = run.status;
export const succeeded = run.statusDetails.succeededIndices;
