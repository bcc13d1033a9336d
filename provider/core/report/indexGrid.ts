import { eachIndex, readIndexSet } from "../kube/indexSet";
import type { IndexPhase, StatusDetails } from "../status/types";

/** The worst comes first: of several indices in one cell it is shown. */
export const gridPhases = [
  "failed",
  "unknown",
  "running",
  "pending",
  "succeeded",
] as const satisfies readonly IndexPhase[];

/** The indices of a run as cells. */
export interface IndexGrid {
  /** Rows of cells, each with its first index. */
  readonly rows: readonly { readonly first: number; readonly cells: readonly IndexPhase[] }[];
  /** How many indices share a cell. */
  readonly perCell: number;
}

interface Space {
  readonly width: number;
  readonly height: number;
}

/** One cell an index where there is room, else one for several. */
export function indexGrid(arrayIndices: string, details: StatusDetails, { width, height }: Space): IndexGrid {
  const phaseOf = new Map<number, IndexPhase>();
  for (const phase of ["succeeded", "pending", "running", "failed"] as const)
    for (const index of eachIndex(readIndexSet(details[`${phase}Indices`]))) phaseOf.set(index, phase);
  const indices = [...eachIndex(readIndexSet(arrayIndices))];
  const perCell = Math.max(1, Math.ceil(indices.length / (width * height)));
  const cells = chunks(indices, perCell).map((some) => ({
    first: some[0] ?? 0,
    phase: worst(some.map((index) => phaseOf.get(index) ?? "unknown")),
  }));
  const rows = chunks(cells, width).map((row) => ({ first: row[0]?.first ?? 0, cells: row.map(({ phase }) => phase) }));
  return { rows, perCell };
}

const worst = (phases: readonly IndexPhase[]): IndexPhase =>
  gridPhases.find((phase) => phases.includes(phase)) ?? "pending";

function chunks<T>(items: readonly T[], size: number): T[][] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, i) => items.slice(i * size, (i + 1) * size));
}
