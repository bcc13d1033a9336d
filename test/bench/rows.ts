import type { Row } from "./row";
import { coldStart } from "./rows/coldStart";
import { noOp, refresh } from "./rows/finished";
import { latency, noisy } from "./rows/latency";
import { many } from "./rows/many";
import { requests } from "./rows/requests";
import { state } from "./rows/state";
import { throughput } from "./rows/throughput";
import { verdicts } from "./rows/verdicts";
import { sparse, wide } from "./rows/wide";

/** All rows, in the order in which they are shown. */
export const rows: readonly Row[] = [
  coldStart,
  noOp,
  throughput,
  latency,
  wide,
  sparse,
  requests,
  noisy,
  many,
  state,
  refresh,
  verdicts,
];
