import { ageOf } from "../../core/kube/duration";
import { nextSteps } from "../../core/report/advice";
import { capital, toneOf } from "../../core/report/columns";
import { eventColumns, mainEvents } from "../../core/report/events";
import { indexColumns, tellingIndices } from "../../core/report/indices";
import { type Instance, instanceColumns, instancesOf } from "../../core/report/instances";
import { runColumns } from "../../core/report/lists";
import { type Milestone, milestoneColumns, milestonesOf } from "../../core/report/milestones";
import type { RunPhase } from "../../core/status/types";
import { troubleText } from "../../core/status/progress";
import { type DescribedRun, describeRun } from "../../resources/describeRun";
import { listRuns } from "../../resources/listRuns";
import { type Handler, Misuse } from "./command";
import { fields, type Lines, section, table } from "./layout";
import { type Look, printAs } from "./printable";
import { heading, shapeBlocks } from "./shape";

/** `jobrun list`. */
export const listHandler: Handler = async (asked, terminal) => {
  const { place, given } = asked;
  const wanted = { job: given.job, status: given.status as RunPhase | undefined };
  if (given.orphans !== undefined) return (await import("./orphans.ts")).listOrphaned(asked, terminal, wanted);
  if (given["stack-file"] !== undefined) throw new Misuse("--stack-file is for --orphans");
  const runs = await listRuns(place, wanted, { warn: terminal.tell });
  const such = given.job === undefined && given.status === undefined ? "" : "such ";
  if (runs.length === 0) terminal.tell(`there are no ${such}job runs in namespace ${place.namespace}`);
  const blocks = (look: Look): Lines[] => [table(runColumns(look.now), runs, look)];
  await printAs({ data: runs, names: runs.map(({ name }) => name), blocks }, asked, terminal);
  return 0;
};

/** A run with everything that is shown of it. */
interface Shown extends DescribedRun {
  readonly conditions: readonly Milestone[];
  readonly instances: readonly Instance[];
}

/** `jobrun get`. */
export const getHandler: Handler = async (asked, terminal) => {
  const described = await describeRun(asked.place, { name: asked.name, eventsNeeded: false }, { warn: terminal.tell });
  const { run, view, events, troubles, byHand } = described;
  const conditions = milestonesOf(run, view.pods);
  const instances = instancesOf(view.pods);
  const steps = nextSteps({ run, troubles, byHand, pods: view.pods }, asked.commandLine);
  await printAs(
    {
      data: { ...run, conditions, troubles, events, instances },
      names: [run.name],
      blocks: (look) => [...runBlocks({ ...described, conditions, instances }, look), steps],
    },
    asked,
    terminal,
  );
  return 0;
};

function runBlocks(shown: Shown, look: Look): Lines[] {
  const { run, events, instances } = shown;
  return [
    heading(run, look.now),
    fields([["Job Ref", run.job]]),
    ...shapeBlocks(run, look),
    section("Status", statusLines(shown, look)),
    section("Indices", indexLines(shown, look)),
    section("Events", table(eventColumns(look.now), mainEvents(events), look)),
    section("Instances", table(instanceColumns(look.now), instances, look)),
  ];
}

/** In the order in which a run goes through them. */
const phases = ["pending", "running", "succeeded", "failed", "unknown"] as const;

function statusLines({ run, conditions, troubles }: Shown, { now, paint, wide }: Look): Lines {
  const { status, statusDetails, attempt } = run;
  const { completionTime, reason, message = "" } = statusDetails;
  const counters = phases.map((phase) => [capital(phase), statusDetails[phase] || undefined] as const);
  return [
    ...fields([
      ["Status", paint(capital(status), toneOf(capital(status)))],
      ["Reason", reason === undefined ? undefined : `[${reason}] ${message}`.trim()],
      ["Attempt", attempt > 1 ? attempt : undefined],
      ["Completed", completionTime === undefined ? undefined : ageOf(completionTime, now)],
      ["Fidelity", wide ? `${run.fidelity}: ${run.fidelityReason}` : undefined],
    ]),
    ...section("Instance Statuses", fields(counters)),
    ...section("Conditions", table(milestoneColumns(now), conditions, { wide, paint })),
    ...section(
      "In Its Way",
      troubles.map((trouble) => troubleText(trouble, now)),
    ),
  ];
}

function indexLines({ run }: Shown, look: Look): Lines {
  const { shown, more } = tellingIndices(run.statusDetails);
  return [
    ...table(indexColumns, shown, look),
    ...(more > 0 ? [`and ${more.toString()} more: --output json has them`] : []),
  ];
}
