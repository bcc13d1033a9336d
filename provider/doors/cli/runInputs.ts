import { defined } from "../../core/kube/defined";
import type { EnvVar, JobRunInputs, Mode } from "../../core/spec/types";
import type { CheckFailure } from "../../core/spec/validate";
import type { All, Given } from "./command";
import { keysOf, mountOf, variableOf, wholeOf } from "./notations";
import { inputOf, type OverrideName, overrideNames } from "./overrides";

/** The inputs of a run that the options say. */
export function runInputsOf(given: Given, all: All): JobRunInputs {
  const { image, mode, cpu, memory, "ephemeral-storage": ephemeralStorage } = given;
  const { job, "array-indices": arrayIndices, "service-account": serviceAccountName } = given;
  return defined({
    ...{ job, image, arrayIndices, cpu, memory, ephemeralStorage, serviceAccountName },
    // What is no mode, `check` refuses.
    mode: mode as Mode | undefined,
    arraySize: numberOf(given["array-size"]),
    arraySizeVariable: numberOf(given["array-size-variable-override"]),
    maxExecutionTime: numberOf(given.maxexecutiontime),
    retryLimit: numberOf(given.retrylimit),
    command: all.command,
    args: all.argument,
    imagePullSecrets: all["registry-secret"],
    env: someOf(variables(all)),
    envFrom: someOf([
      ...(all["env-from-configmap"] ?? []).flatMap((text) => wholeOf(text, "configMap") ?? []),
      ...(all["env-from-secret"] ?? []).flatMap((text) => wholeOf(text, "secret") ?? []),
    ]),
    mounts: someOf([
      ...(all["mount-configmap"] ?? []).map((text) => mountOf(text, "configMap")),
      ...(all["mount-secret"] ?? []).map((text) => mountOf(text, "secret")),
      ...(all["mount-data-store"] ?? []).map((text) => mountOf(text, "persistentVolumeClaim")),
    ]),
  });
}

/** A plain value replaces a reference of its name (Code Engine), and of two of one kind the last one holds. */
function variables(all: All): EnvVar[] {
  const entries = [
    ...(all["env-from-configmap"] ?? []).flatMap((text) => keysOf(text, "configMap")),
    ...(all["env-from-secret"] ?? []).flatMap((text) => keysOf(text, "secret")),
    ...(all.env ?? []).map(variableOf),
  ];
  return [...new Map(entries.map((entry) => [entry.name, entry])).values()];
}

const numberOf = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text));

const someOf = <T>(list: readonly T[]): readonly T[] | undefined => (list.length === 0 ? undefined : list);

/** The fault in the words of the options. */
export function faultText({ property, reason }: CheckFailure): string {
  const [root = ""] = property.split(/[.[]/);
  if (root === "name" || root === "job") return `--${root} ${reason}`;
  const flags = overrideNames.filter((name: OverrideName) => inputOf[name] === root).map((name) => `--${name}`);
  if (flags.length === 0) return `${property} ${reason}`;
  return root === property ? `${flags.join(" or ")} ${reason}` : `${flags.join(" or ")}: ${property} ${reason}`;
}
