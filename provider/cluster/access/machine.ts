import { homedir } from "node:os";

/** What the machine adds to the options. */
export interface Machine {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  /** Folder in which a pod finds the token of its service account. */
  readonly serviceAccount: string;
}

/** The machine that this runs on. */
export const thisMachine = (): Machine => ({
  env: process.env,
  home: homedir(),
  serviceAccount: "/var/run/secrets/kubernetes.io/serviceaccount",
});
