import type { TroubleClass } from "../../../../provider/core/status/causes";
import { warningsOf } from "../../../../provider/core/status/warnings";
import { causes, saidBy, workloadsOf } from "../../../record/causes";
import { recorded } from "../../../record/moment";
import { seen } from "../../support/cluster";
import { runSpec } from "../../support/specs";

type Expected = readonly [kind: string, own: TroubleClass, words: RegExp, help: RegExp];

const anything = /./;
const nothing = /^$/;

/** What Kubernetes was recorded to say when it really happened, and what is made of it. */
const table: Readonly<Record<string, Expected>> = {
  "exceeded-quota": ["FailedCreate", "capacity", /exceeded quota: q, requested: pods=1/, /raise the quota/],
  "pod-security": [
    "FailedCreate",
    "refused",
    /violates PodSecurity "restricted:latest": .*seccompProfile/,
    /podSecurity/,
  ],
  "limit-range": ["FailedCreate", "refused", /minimum cpu usage per Container is 50m/, /the rule that refuses/],
  "admission-policy": ["FailedCreate", "refused", /denied request: no pods today/, /the rule that refuses/],
  "webhook-away": ["FailedCreate", "capacity", /failed calling webhook "absent/, /cannot create pods/],
  "no-service-account": ["FailedCreate", "capacity", /serviceaccount "absent" not found/, /serviceAccountName/],
  "no-priority-class": ["FailedCreate", "refused", /no PriorityClass with name absent/, /priorityClassName/],
  "no-secret": ["CreateContainerConfigError", "configuration", /^secret "absent" not found/, /what is missing/],
  "no-key": ["CreateContainerConfigError", "configuration", /couldn't find key absent in Secret/, /what is missing/],
  "runs-as-root": ["CreateContainerConfigError", "configuration", /image will run as root/, /`runAsUser`/],
  "no-mounted-secret": ["FailedMount", "configuration", /secret "absent" not found/, /what is missing/],
  "no-mounted-config-map": ["FailedMount", "configuration", /configmap "absent" not found/, /what is missing/],
  "no-claim": ["Unschedulable", "capacity", /persistentvolumeclaim "absent" not found/, /create the claim/],
  "no-room": ["Unschedulable", "capacity", /Insufficient cpu/, /make room/],
  "no-such-node": ["Unschedulable", "capacity", /didn't match Pod's node affinity/, /`nodeSelector`/],
  "no-image": ["ErrImagePull", "configuration", /missing:1/, /`image`/],
  "no-image-again": ["ImagePullBackOff", "configuration", /Back-off pulling image "127.0.0.1:1.missing:1"/, /`image`/],
  "bad-image-name": ["InvalidImageName", "configuration", /couldn't parse image name/, /`image`/],
  "no-pull-secret": [
    "FailedToRetrieveImagePullSecret",
    "configuration",
    /Unable to retrieve some image pull secrets \(absent\)/,
    /`imagePullSecrets`/,
  ],
  "image-never-pulled": ["ErrImageNeverPull", "configuration", /is not present with pull policy of Never/, /`image`/],
  queued: ["JobSuspended", "queued", nothing, /`wait.queueSeconds`/],
};

/** What ends by itself: each workload has its own way to begin anew. */
const retries: Readonly<Record<string, readonly [task: string, daemon: string]>> = {
  "no-executable": ["ExecutableNotFound", "RunContainerError|ExecutableNotFound"],
  "out-of-memory": ["OOMKilled", "OOMKilled"],
  "exit-code": ["ContainerExitedCode3", "ContainerExitedCode3"],
};

const look = (name: string, workload: "job" | "deployment") => {
  const spec = runSpec(saidBy(name, workload));
  return { spec, view: seen(spec, recorded(name, workload)) };
};

const cases = Object.entries(table).flatMap(([name, expected]) =>
  workloadsOf(causes[name] ?? { run: {}, sign: anything }).map((workload) => [name, workload, expected] as const),
);

test.each(cases)("[U] %s, of a %s", (name, workload, [kind, own, words, help]) => {
  const { view } = look(name, workload);
  const [trouble] = view.troubles;
  expect(trouble).toMatchObject({ kind, class: own, indices: workload === "job" ? "0-1" : "0" });
  expect(trouble?.message ?? "").toMatch(words);
  expect(trouble?.message ?? "").not.toMatch(/\n/);
  expect(trouble?.help).toMatch(help);
  expect(view.status).toBe("pending");
});

test.each(Object.entries(retries))("[U] %s is tried again", (name, [task, daemon]) => {
  expect(look(name, "job").view.troubles).toMatchObject([
    { kind: task, class: "retrying", note: "retry 1 of 2", indices: "0-1" },
  ]);
  const [trouble] = look(name, "deployment").view.troubles;
  expect(trouble?.kind).toMatch(new RegExp(`^(${daemon})$`));
});

test("[U] a pod that was evicted and ended with exit code 0 is done, with a warning", () => {
  const { spec, view } = look("evicted-with-success", "job");
  expect(view.statusDetails.succeededIndices).toBe("0-1");
  expect(warningsOf(view, spec)).toEqual([expect.stringMatching(/^indices 0-1 ended with exit 0 while being evicted/)]);
});

test("[U] a daemon whose keep-alive image is missing runs, with a warning", () => {
  const { spec, view } = look("no-keep-alive", "deployment");
  expect(view).toMatchObject({ status: "running", troubles: [], statusDetails: { runningIndices: "0" } });
  expect(warningsOf(view, spec)).toEqual([
    expect.stringMatching(/^the keep-alive container of index 0 does not start: \[ErrImagePull\]/),
  ]);
});

test("[U] everything that is recorded is looked at", () => {
  const known = [...Object.keys(table), ...Object.keys(retries), "evicted-with-success", "no-keep-alive"];
  expect(known.toSorted()).toEqual(Object.keys(causes).toSorted());
});
