import type { Connection } from "./connect";
import { ClusterError } from "./errors";
import { pathOf } from "./kinds";
import type { Tail } from "./port";
import { type Request, requestText } from "./request";

/** Bytes of one answer: lines may be of any length. */
const MOST_BYTES = 64 * 1_024;

/** A node that is away must not hold up what is told of a run; one that is well answers in milliseconds. */
const PATIENCE_MS = 10_000;
/** A complete log is what was asked for, and may be many megabytes. */
const LONG_PATIENCE_MS = 300_000;

/** What a container printed last: of the lines that are asked for, the last that fit. */
export async function readLog(connection: Connection, namespace: string, { pod, tail }: Asked): Promise<string> {
  const path = `${pathOf("Pod", namespace, pod)}/log`;
  const deed = `read the log of Pod ${namespace}/${pod}`;
  const late = new AbortController();
  const patience = tail.complete === true ? LONG_PATIENCE_MS : PATIENCE_MS;
  const timer = setTimeout(() => {
    late.abort(new ClusterError(`cannot ${deed}: no answer within ${(patience / 1_000).toString()} s`));
  }, patience);
  const read = (lines: number | undefined): Promise<string> => {
    const request: Request = { method: "GET", path, query: queryOf({ ...tail, lines }), deed, signal: late.signal };
    return requestText(connection, request);
  };
  try {
    return tail.complete === true ? await read(tail.lines) : await lastThatFit(tail, read);
  } catch (error) {
    // A pause before another try ends with an error of its own.
    late.signal.throwIfAborted();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

interface Asked {
  readonly pod: string;
  readonly tail: Tail;
}

/** Of an answer that is too long, the kubelet leaves out the end, which is what is wanted. */
async function lastThatFit({ lines = MOST_BYTES }: Tail, read: (lines: number) => Promise<string>): Promise<string> {
  for (let wanted = lines; ; wanted = Math.floor(wanted / 2)) {
    const text = await read(wanted);
    if (wanted <= 1 || Buffer.byteLength(text) < MOST_BYTES) return text;
  }
}

function queryOf({ container, lines, previous, timestamps, complete }: Tail): Record<string, string> {
  return {
    container,
    previous: previous.toString(),
    ...(lines !== undefined && { tailLines: lines.toString() }),
    ...(complete !== true && { limitBytes: MOST_BYTES.toString() }),
    ...(timestamps === true && { timestamps: "true" }),
  };
}
