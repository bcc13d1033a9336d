import type { ListedJob } from "../core/report/lists";
import type { Place } from "./clusters";
import { getJob } from "./getJob";
import { withLastRun } from "./listJobs";
import { listRecords } from "./listRuns";

/**
 * A job with its newest run.
 * @throws when there is none of that name, or somebody has made it invalid.
 */
export async function describeJob(place: Place, name: string): Promise<ListedJob> {
  const job = await getJob(place, { name });
  return withLastRun(job, await listRecords(place, name));
}
