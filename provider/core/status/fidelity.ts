import type { Backend, Fidelity, Mode } from "../spec/types.generated";

/** What carries a run, how closely it keeps the mode's promise, and why in one sentence. */
export interface Fulfilment {
  readonly backend: Backend;
  readonly fidelity: Fidelity;
  readonly fidelityReason: string;
}

/** The fulfilment of a mode. */
export function fulfilmentOf(mode: Mode): Fulfilment {
  return mode === "task"
    ? { backend: "job", fidelity: "exact", fidelityReason: "A Kubernetes Job runs every index to its end." }
    : {
        backend: "deployment",
        fidelity: "rerunsAfterPodLoss",
        fidelityReason:
          "A Deployment restarts failed instances without limit; an index whose pod is lost runs again, also after exit code 0.",
      };
}
