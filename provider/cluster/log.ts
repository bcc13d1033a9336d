import type { Connection } from "./connect";
import { ClusterError } from "./errors";
import { pathOf } from "./kinds";
import type { Tail } from "./port";
import { type Request, requestText } from "./request";

/** Bytes of one answer: lines may be of any length. */
const MOST_BYTES = 64 * 1_024;

/** A node that is away must not hold up what is told of a run; one that is well answers in milliseconds. */
const PATIENCE_MS = 10_000;

/** What a container printed last: of the lines that are asked for, the last that fit. */
export async function readLog(connection: Connection, namespace: string, { pod, tail }: Asked): Promise<string> {
  const path = `${pathOf("Pod", namespace, pod)}/log`;
  const deed = `read the log of Pod ${namespace}/${pod}`;
  const late = new AbortController();
  const timer = setTimeout(() => {
    late.abort(new ClusterError(`cannot ${deed}: no answer within ${(PATIENCE_MS / 1_000).toString()} s`));
  }, PATIENCE_MS);
  try {
    return await lastThatFit(tail, (lines) => {
      const query = queryOf({ ...tail, lines });
      const request: Request = { method: "GET", path, query, deed, signal: late.signal };
      return requestText(connection, request);
    });
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
async function lastThatFit({ lines }: Tail, read: (lines: number) => Promise<string>): Promise<string> {
  for (let wanted = lines; ; wanted = Math.floor(wanted / 2)) {
    const text = await read(wanted);
    if (wanted <= 1 || Buffer.byteLength(text) < MOST_BYTES) return text;
  }
}

function queryOf({ container, lines, previous }: Tail): Record<string, string> {
  return {
    container,
    tailLines: lines.toString(),
    limitBytes: MOST_BYTES.toString(),
    previous: previous.toString(),
  };
}
