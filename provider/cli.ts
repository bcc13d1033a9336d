import { run } from "./doors/cli/run";
import { endWhenNobodyReads, processTerminal } from "./doors/cli/terminal";

/** The command line. What talks to clusters is loaded by the command that needs it. */
export async function main(args: readonly string[]): Promise<void> {
  endWhenNobodyReads();
  process.exitCode = await run(args, {
    terminal: processTerminal,
    open: async ({ context, kubeconfig, namespace }) => {
      const [{ openClusters }, { defined }] = await Promise.all([
        import("./openClusters.ts"),
        import("./core/kube/defined.ts"),
      ]);
      return openClusters(() => Promise.resolve(defined({ context, kubeconfig, namespace })));
    },
  });
}
