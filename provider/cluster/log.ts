import type { Connection } from "./connect";
import { ClusterError } from "./errors";
import { pathOf } from "./kinds";
import type { LogPart, Tail } from "./port";
import { repeated } from "./repeat";
import { isAwaited, openStream, readStream, type Request, requestText } from "./request";

/** Bytes of one answer: lines may be of any length. */
const MOST_BYTES = 64 * 1_024;

/** A node that is away must not hold up what is told of a run; one that is well answers in milliseconds. */
const PATIENCE_MS = 10_000;

/** What a container printed last: of the lines that are asked for, the last that fit. */
export async function readLog(connection: Connection, namespace: string, { pod, tail }: Asked): Promise<string> {
  const { path, deed } = placeOf(namespace, pod);
  const late = new AbortController();
  const timer = setTimeout(() => {
    late.abort(new ClusterError(`cannot ${deed}: no answer within ${(PATIENCE_MS / 1_000).toString()} s`));
  }, PATIENCE_MS);
  const read = (lines: number | undefined): Promise<string> => {
    const query = { ...queryOf({ ...tail, lines }), limitBytes: MOST_BYTES.toString() };
    return requestText(connection, { method: "GET", path, query, deed, signal: late.signal });
  };
  try {
    return await lastThatFit(tail, read);
  } catch (error) {
    // A pause before another try ends with an error of its own.
    late.signal.throwIfAborted();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function placeOf(namespace: string, pod: string): { path: string; deed: string } {
  return { path: `${pathOf("Pod", namespace, pod)}/log`, deed: `read the log of Pod ${namespace}/${pod}` };
}

interface Wanted {
  readonly namespace: string;
  readonly part: LogPart;
}

/** Opens a log as a stream. */
export async function openLog(
  connection: Connection,
  { namespace, part }: Wanted,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  const request: Request = { method: "GET", ...placeOf(namespace, part.pod), query: queryOf(part), signal };
  const attempts = { signal, isAwaited: () => isAwaited(connection) };
  return readStream(connection, request, await repeated(attempts, () => openStream(connection, request, signal)));
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

function queryOf({ container, lines, previous, timestamps, ...part }: Omit<LogPart, "pod">): Record<string, string> {
  const { sinceSeconds, sinceTime, follow } = part;
  return {
    container,
    previous: previous.toString(),
    ...(lines !== undefined && { tailLines: lines.toString() }),
    ...(timestamps === true && { timestamps: "true" }),
    ...(sinceSeconds !== undefined && { sinceSeconds: sinceSeconds.toString() }),
    ...(sinceTime !== undefined && { sinceTime }),
    ...(follow === true && { follow: "true" }),
  };
}
