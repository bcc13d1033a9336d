import { onCancel } from "./doors/dynamic/cancel";
import { type Host, toDynamicProvider } from "./doors/dynamic/host";
import { connectEngine, engineAddress } from "./doors/engine";
import { interruption } from "./doors/interruption";
import { openClusters } from "./openClusters";
import type { Settings } from "./resources/clusters";
import { jobHooks } from "./resources/job";
import { jobRunHooks } from "./resources/jobRun";
import { plannedJobs } from "./resources/planned";

const operations = interruption();
const configured = Promise.withResolvers<Settings>();
// The host calls other hooks before `configure` has ended: they wait for it here.
const clusters = openClusters(() => configured.promise, operations.interrupted);

const planned = plannedJobs();
const engine = connectEngine(engineAddress(process.argv.slice(2)));
const host: Host = { engine, interruption: operations, configure: (settings) => configured.resolve(settings) };
onCancel(operations.interrupt);
// Nobody is left to tell anything to, and the next `up` takes over: whatever is done from now on would be in its way.
engine.onGone(() => process.exit(1));

/** What the state of a `Job` refers to. */
export const job = toDynamicProvider(jobHooks(clusters, planned), host);
/** What the state of a `JobRun` refers to. */
export const jobRun = toDynamicProvider(jobRunHooks(clusters, planned), host);
