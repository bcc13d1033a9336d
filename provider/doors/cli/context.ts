import type { HookContext } from "../../resources/contract";
import type { Terminal } from "./terminal";

/** What the removal of a resource is told in place of an engine's words. A signal ends the process as it is: the next command goes on. */
export function contextOf({ tell }: Terminal): HookContext {
  return {
    identity: { urn: "", name: "", project: "", stack: "" },
    secretPaths: [],
    timeouts: {},
    signal: new AbortController().signal,
    log: { status: tell, info: tell, warn: tell },
    isHeard: () => Promise.resolve(true),
  };
}
