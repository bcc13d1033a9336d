import { join } from "node:path";

/** Where the CLI is, which cluster it uses, and where it keeps what it keeps. */
interface Surroundings {
  readonly pulumi: string;
  readonly kubeconfig: string;
  readonly project: string;
  /** Folder of the local backend. */
  readonly state: string;
}

/** Environment for the CLI: nothing of the user's own Pulumi is touched, and nothing is fetched. */
export function pulumiEnvironment({ pulumi, kubeconfig, project, state }: Surroundings): Record<string, string> {
  return {
    KUBECONFIG: kubeconfig,
    PATH: `${pulumi}:${process.env["PATH"] ?? ""}`,
    PULUMI_BACKEND_URL: `file://${state}`,
    PULUMI_HOME: join(project, ".pulumi"),
    PULUMI_CONFIG_PASSPHRASE: "test",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };
}
