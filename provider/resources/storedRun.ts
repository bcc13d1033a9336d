import type { JobRunInputs, Mode } from "../core/spec/types";
import type { Backend, Fidelity } from "../core/spec/types.generated";
import type { CapturedLogs } from "../core/status/captured";
import type { RunPhase, StatusDetails } from "../core/status/types";
import type { State } from "./contract";

/** What the stored outputs say of a run, as far as later operations go by it. */
export interface StoredRun {
  readonly mode: Mode;
  readonly name: string;
  readonly status: RunPhase;
  readonly backend: Backend;
  readonly fidelity: Fidelity;
  readonly fidelityReason: string;
  readonly namespace: string;
  readonly uid: string;
  readonly createdAt: string;
  readonly arrayIndices: string;
  readonly attempt: number;
  readonly statusDetails: StatusDetails;
  readonly capturedLogs?: CapturedLogs;
}

/** Outputs come back from the engine as they were written by `runState`. */
export function storedRun({ outputs }: State<JobRunInputs>): StoredRun {
  return outputs as unknown as StoredRun;
}
