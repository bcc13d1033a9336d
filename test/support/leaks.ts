import { kubectl } from "./kubectl";

/**
 * What a text must not contain of a secret value: itself, its end and beginning, and its base64 wherever it starts in what is encoded.
 */
export function tracesOf(value: string): string[] {
  const encoded = [0, 1, 2].map((offset) => {
    const whole = Buffer.from("x".repeat(offset) + value).toString("base64");
    // The characters at both ends depend on what stands beside the value.
    return whole.slice(offset === 0 ? 0 : 4, -4);
  });
  return [value, ...encoded];
}

/** The first trace of each value in each text, with where it is; none when all is well. */
export function leaks(texts: Readonly<Record<string, string>>, values: readonly string[]): string[] {
  return Object.entries(texts).flatMap(([title, text]) =>
    values
      .flatMap((value) => tracesOf(value).find((trace) => text.includes(trace)) ?? [])
      .map(
        (trace) =>
          `${title}: …${text.slice(Math.max(0, text.indexOf(trace) - 80), text.indexOf(trace) + trace.length)}`,
      ),
  );
}

const KINDS = "configmaps,jobs,deployments,replicasets,pods,events,controllerrevisions";

/** Everything in the namespace that is no Secret, as JSON. */
export function visibleObjects(namespace: string): Promise<string> {
  return kubectl("get", KINDS, "--namespace", namespace, "--output", "json", "--show-managed-fields");
}
