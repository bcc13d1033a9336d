import { type Missing, missingLogs } from "../../core/status/logs";
import type { LogOrigin } from "../../resources/readLogs";
import type { Asked } from "./command";
import type { Terminal } from "./terminal";

/** `pod/container`, as Code Engine has it. */
export const headingOf = ({ pod, container }: LogOrigin): string => `${pod}/${container}`;

/** Says of which indices there is nothing, and why. */
export function tellMissing({ name }: Pick<Asked, "name">, { tell }: Terminal, missing: readonly Missing[]): void {
  const { missingReason } = missingLogs(missing);
  if (missingReason !== undefined) tell(`job run "${name}" has no log of some of its indices: ${missingReason}`);
}
