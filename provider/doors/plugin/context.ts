import type { HookContext } from "../../resources/contract";
import type { Engine } from "../engine";

/** What the engine says of an operation. */
export interface Operation {
  readonly urn: string;
  readonly secrets: readonly string[];
  readonly signal: AbortSignal;
  /** Seconds, from `customTimeouts`. */
  readonly timeouts?: HookContext["timeouts"];
  readonly automaticName?: string | false;
}

/** The operation as the hooks see it. */
export function contextOf(engine: Engine, operation: Operation): HookContext {
  const { urn, secrets, signal, timeouts = {}, automaticName } = operation;
  return {
    identity: { ...readUrn(urn), ...(automaticName !== undefined && { automaticName }) },
    secretPaths: secrets,
    timeouts,
    signal,
    log: engine.logFor(urn),
    isHeard: () => engine.isThere(),
  };
}

/** `urn:pulumi:<stack>::<project>::<types>::<name>`; a name may hold the separator, too. */
function readUrn(urn: string): HookContext["identity"] {
  const [head = "", project = "", _types, ...name] = urn.split("::");
  return { urn, stack: head.slice("urn:pulumi:".length), project, name: name.join("::") };
}

/** A timeout off the wire, where 0 stands for none. */
export function seconds<Key extends string>(key: Key, value: number): { readonly [K in Key]?: number } {
  return (value > 0 ? { [key]: value } : {}) as { readonly [K in Key]?: number };
}
