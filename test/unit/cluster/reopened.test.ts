import { label } from "../../../provider/core/kube/labels";
import { pathOf } from "../../../provider/cluster/kinds";
import { runFeeds } from "../../../provider/cluster/runFeeds";
import type { Pod } from "../../../provider/core/kube/types";
import { OURS, pod } from "../support/cluster";
import { serverForEach, until } from "./support";

const each = serverForEach();
const following = { needed: "Job", helpful: ["Deployment", "Pod"], note: () => undefined } as const;
const never = new AbortController().signal;
function podOf(runUid: string, index = 0): Pod {
  const { metadata, ...rest } = pod(index, { uid: `${runUid}-${index}` });
  return {
    ...rest,
    metadata: { ...metadata, name: `${runUid}-${index}`, labels: { ...OURS, [label.runUid]: runUid } },
  };
}

test("[U] a feed that is opened after the last one closed on an event gets a list of its own", async () => {
  const pods = each.api.collection(pathOf("Pod", "jobs"));
  for (const kind of ["Job", "Deployment"] as const) each.api.collection(pathOf(kind, "jobs"));
  const feeds = runFeeds(each.connection);
  const one = feeds("jobs", "run-1", following);
  await one.ready(never);
  await until(() => pods.openWatches === 1);
  await one.changed(never, 0);
  pods.put(...Array.from({ length: 50 }, (_, i) => podOf("run-1", i)));
  await one.changed(never);
  one.close();
  await until(() => pods.openWatches === 0);
  const two = feeds("jobs", "run-2", following);
  await expect(two.ready(AbortSignal.timeout(2_000))).resolves.toBe(true);
  two.close();
  expect(pods.lists).toHaveLength(2);
});
