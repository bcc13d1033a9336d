import { type Remain, remainLine } from "../../../../provider/core/kube/remains";

const now = new Date("2026-01-05T12:01:00Z");

interface Said {
  readonly kind?: string;
  readonly node?: string;
  readonly end?: string;
  readonly grace?: number;
  readonly finalizers?: readonly string[];
}

function remain({ kind = "Pod", node, end, grace, finalizers }: Said): Remain {
  const metadata = {
    name: "nightly-0-x",
    ...(end !== undefined && { deletionTimestamp: end }),
    ...(grace !== undefined && { deletionGracePeriodSeconds: grace }),
    ...(finalizers !== undefined && { finalizers }),
  };
  return { kind, object: { metadata, ...(node !== undefined && { spec: { nodeName: node } }) } };
}

const past = "2026-01-05T12:00:30Z";
const future = "2026-01-05T12:01:20Z";

test.each<[string, Said, string]>([
  ["nobody has deleted", { node: "n1" }, "Pod nightly-0-x on node n1 is not deleted yet"],
  [
    "has its grace period left",
    { node: "n1", end: future, grace: 30 },
    "Pod nightly-0-x on node n1, deleted at 2026-01-05T12:00:50Z, has until 2026-01-05T12:01:20Z to end by itself",
  ],
  [
    "should have ended, on a node",
    { node: "n1", end: past, grace: 30 },
    "Pod nightly-0-x on node n1, deleted at 2026-01-05T12:00:00Z, should have ended by 2026-01-05T12:00:30Z: see whether the node is up",
  ],
  [
    "should have ended, on no node",
    { end: past },
    "Pod nightly-0-x, deleted at 2026-01-05T12:00:30Z, should be gone since 2026-01-05T12:00:30Z",
  ],
  [
    "is held, whether its time is over or not",
    { node: "n1", end: future, grace: 30, finalizers: ["batch.kubernetes.io/job-tracking", "example.com/hold"] },
    "Pod nightly-0-x on node n1, deleted at 2026-01-05T12:00:50Z, is held by finalizer example.com/hold: whoever set it has to take it off",
  ],
  [
    "is held by two",
    { kind: "Job", end: past, finalizers: ["example.com/a", "example.com/b"] },
    "Job nightly-0-x, deleted at 2026-01-05T12:00:30Z, is held by finalizers example.com/a, example.com/b: whoever set them has to take them off",
  ],
  [
    "has only Kubernetes' own finalizers, which are nobody's fault",
    { kind: "Job", end: past, finalizers: ["batch.kubernetes.io/job-tracking", "foregroundDeletion", "orphan"] },
    "Job nightly-0-x, deleted at 2026-01-05T12:00:30Z, should be gone since 2026-01-05T12:00:30Z",
  ],
])("[U] what %s is said to be so", (_title, said, line) => {
  expect(remainLine(remain(said), now)).toBe(line);
});
