import { ageOf } from "../../core/kube/duration";
import { mountColumns, variableColumns, variablesOf } from "../../core/report/environment";
import type { GetJobResult, GetJobRunResult } from "../../core/spec/types.generated";
import { fields, type Lines, section, table } from "./layout";
import type { Look } from "./printable";

type Shape = GetJobResult | GetJobRunResult;

/** The heading of a job or run (Code Engine); the namespace is the stand-in for a project. */
export function heading({ name, uid, namespace, createdAt }: Shape, now: number): Lines {
  return fields([
    ["Name", name],
    ["ID", uid],
    ["Namespace", namespace],
    ["Age", ageOf(createdAt, now)],
    ["Created", createdAt],
  ]);
}

/** What a job says of its runs, or what a run was made of, in Code Engine's blocks. */
export function shapeBlocks(shape: Shape, { paint }: Look): Lines[] {
  const { command = [], args = [], mounts = [], image, imagePullSecrets = [] } = shape;
  const { cpu, memory, ephemeralStorage } = shape;
  return [
    section("Commands", command.map(oneWord)),
    section("Arguments", args.map(oneWord)),
    section("Environment Variables", table(variableColumns, variablesOf(shape).map(onOneLine), { wide: false, paint })),
    section("Mounts", table(mountColumns, mounts, { wide: false, paint })),
    [
      ...fields([["Image", image]]),
      ...section(
        "Resource Allocation",
        fields([
          ["CPU", cpu],
          ["Ephemeral Storage", ephemeralStorage],
          ["Memory", memory],
        ]),
      ),
      ...section("Registry Secrets", imagePullSecrets),
    ],
    section("Runtime", runtime(shape)),
  ];
}

function runtime(shape: Shape): Lines {
  const { mode, arrayIndices, arraySize, maxExecutionTime, retryLimit } = shape;
  return fields([
    ["Mode", mode],
    ["Array Indices", arrayIndices],
    ["Array Size", arraySize],
    ["JOB_ARRAY_SIZE Value", "attempt" in shape ? (shape.arraySizeVariable ?? arraySize) : undefined],
    ["Max Execution Time", maxExecutionTime],
    ["Retry Limit", retryLimit],
  ]);
}

/** A script of many lines stays on one. */
const oneWord = (text: string): string => (/[\n\r\t]/.test(text) ? JSON.stringify(text) : text);

const onOneLine = <T extends { readonly value: string }>(variable: T): T => ({
  ...variable,
  value: oneWord(variable.value),
});
