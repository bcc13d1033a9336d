import { Job, JobRun } from "pulumi-jobrun";

const job = new Job("myjob-daemon", {
  name: "myjob-daemon",
  image: "icr.io/codeengine/helloworld",
  // The tag is `latest`; without this line Kubernetes pulls at every start.
  imagePullPolicy: "IfNotPresent",
  mode: "daemon",
  // The defaults are Code Engine's: 1 CPU and 4G. A small machine holds few of those.
  cpu: "50m",
  memory: "64M",
});

const run = new JobRun("myjobrun-daemon", { name: "myjobrun-daemon", job });

export const namespace = run.namespace;
export const name = run.name;
export const status = run.status;
