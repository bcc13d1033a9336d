/** Why the next `up` has something to do for a run whose inputs are unchanged; undefined when it has not. */
export function owedWork(
  outputs: Readonly<Record<string, unknown>>,
  { started = false, reached = false }: { started?: boolean; reached?: boolean },
): string | undefined {
  if (!started) return "will create the objects that are missing";
  if (reached) return undefined;
  return outputs["status"] === "failed"
    ? "failed, and counts as failed until its inputs change"
    : "will wait on: it has not reached what is waited for";
}
