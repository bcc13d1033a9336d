import type { Place } from "./clusters";

interface Sought {
  readonly what: "job" | "run";
  readonly name: string;
}

const words = { job: ["a job", "job list"], run: ["a job run", "list"] } as const;

/** The error of somebody who asks for what is not there. */
export function absent({ client, namespace }: Place, { what, name }: Sought): Error {
  const [called, list] = words[what];
  return new Error(
    `name must be that of ${called} in namespace ${namespace} of the cluster ${client.server}, got "${name}", and there is none; \`npx jobrun ${list} --namespace ${namespace}\` lists all`,
  );
}
