import { ageOf } from "../../core/kube/duration";
import { jobColumns, type ListedJob } from "../../core/report/lists";
import { describeJob } from "../../resources/describeJob";
import { listJobs } from "../../resources/listJobs";
import type { Handler } from "./command";
import { fields, type Lines, section, table } from "./layout";
import { type Look, printAs } from "./printable";
import { heading, shapeBlocks } from "./shape";

/** `jobrun job list`. */
export const listHandler: Handler = async (asked, terminal) => {
  const jobs = await listJobs(asked.place, { warn: terminal.tell });
  if (jobs.length === 0) terminal.tell(`there are no jobs in namespace ${asked.place.namespace}`);
  const printable = {
    data: jobs,
    names: jobs.map(({ name }) => name),
    blocks: (look: Look) => [table(jobColumns(look.now), jobs, look)],
  };
  await printAs(printable, asked, terminal);
  return 0;
};

/** `jobrun job get`. */
export const getHandler: Handler = async (asked, terminal) => {
  const job = await describeJob(asked.place, asked.name);
  const printable = {
    data: job,
    names: [job.name],
    blocks: (look: Look) => [heading(job, look.now), lastRun(job, look.now), ...shapeBlocks(job, look)],
  };
  await printAs(printable, asked, terminal);
  return 0;
};

function lastRun({ lastRun: run }: ListedJob, now: number): Lines {
  if (run === undefined) return [];
  return section(
    "Last Job Run",
    fields([
      ["Name", run.name],
      ["Age", ageOf(run.createdAt, now)],
      ["Created", run.createdAt],
    ]),
  );
}
