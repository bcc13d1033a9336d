import { testCluster } from "../cluster/context.ts";
import { toolPath } from "../cluster/build.ts";
import { pulumiPath } from "../cluster/pulumi.ts";
import { installedPackage } from "./package";

/** Everything that an end-to-end test stands on. */
export interface Bed {
  readonly kubeconfig: string;
  readonly context: string;
  readonly kubectl: string;
  /** Folder with the CLI and its language hosts. */
  readonly pulumi: string;
  /** Folder in which the packed package is installed. */
  readonly project: string;
}

const VARIABLE = "PULUMI_JOBRUN_TEST_BED";

/** Makes the bed, once for all test files: they run in processes of their own. */
export default async function makeBed(): Promise<void> {
  const { kubeconfig, context } = await testCluster();
  const bed: Bed = {
    kubeconfig,
    context,
    kubectl: await toolPath("kubectl"),
    pulumi: await pulumiPath(),
    project: await installedPackage(),
  };
  process.env[VARIABLE] = JSON.stringify(bed);
}

/** The bed that was made. */
export function bed(): Bed {
  const made = process.env[VARIABLE];
  if (made === undefined) throw new Error("the test bed is made by jest's globalSetup, and it did not run");
  return JSON.parse(made) as Bed;
}
