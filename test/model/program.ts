import type { EnvVar, JobInputs, JobRunInputs } from "../../provider/core/spec/types";
import type { Entry } from "./engine";

/** What a user has written: a job with a run of it, and a run that stands alone. */
export interface Program {
  readonly report: JobInputs;
  /** How the run of the job knows its job. */
  readonly way: "resource" | "name" | "revision";
  readonly weekly: JobRunInputs;
  readonly nightly: JobRunInputs;
}

/** A resource as the program asks for it. */
export interface Goal {
  readonly type: "job" | "run";
  readonly name: "report" | "weekly" | "nightly";
  readonly inputs: JobInputs & JobRunInputs;
}

/** The value of every secret in a world. */
export const CANARY = "S3CRET";

/** A variable whose value is a secret by its name. */
export const secret = (value = CANARY): EnvVar => ({ name: "TOKEN", value });

/** Paths of the inputs that are secret. */
export function secretPathsOf({ env, jobDefinition }: Goal["inputs"]): string[] {
  const paths = (entries: readonly EnvVar[] | undefined, at: string): string[] =>
    (entries ?? []).flatMap(({ name }, i) => (name === "TOKEN" ? [`${at}[${i.toString()}].value`] : []));
  return [...paths(env, "env"), ...paths(jobDefinition?.env, "jobDefinition.env")];
}

/** The resources in the order in which the program makes them; each may need what was made before. */
export function goalsOf({ report, way, weekly, nightly }: Program): ((made: ReadonlyMap<string, Entry>) => Goal)[] {
  return [
    () => ({ type: "job", name: "report", inputs: report }),
    (made) => {
      const { name: job, revision } = made.get("report")?.state.outputs ?? {};
      const more = { resource: { jobDefinition: report }, name: {}, revision: { jobRevision: revision } }[way];
      return { type: "run", name: "weekly", inputs: { ...weekly, job, ...more } as Goal["inputs"] };
    },
    () => ({ type: "run", name: "nightly", inputs: nightly as Goal["inputs"] }),
  ];
}
