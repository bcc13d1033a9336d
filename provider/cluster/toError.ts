import { explainForbidden } from "../core/kube/missingRights";
import { ClusterError } from "./errors";

/** The part of an answer that says what went wrong. */
interface Refusal {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  readonly wasRepeated: boolean;
}

/** An answer other than success, as an error in the server's words. */
export function toError({ deed }: { deed: string }, { statusCode, headers, text, wasRepeated }: Refusal): ClusterError {
  const { message, reason, retryAfterSeconds } = parseStatus(text);
  const why = statusCode === 403 ? explainForbidden(message) : message;
  return new ClusterError(`cannot ${deed}: ${[statusCode, reason].join(" ").trim()} - ${why}`, {
    status: statusCode,
    reason,
    retryAfterSeconds: secondsOf(headers["retry-after"]) ?? retryAfterSeconds,
    wasRepeated,
  });
}

/** `Retry-After` holds seconds or a date. */
function secondsOf(header: string | string[] | undefined): number | undefined {
  if (typeof header !== "string") return undefined;
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1_000;
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}

interface Status {
  readonly message: string;
  readonly reason: string;
  readonly retryAfterSeconds?: number | undefined;
}

/** Kubernetes answers errors with a Status object, and now and then with a line of text; whatever is in between, with what it likes. */
function parseStatus(text: string): Status {
  try {
    const { message = "", reason = "", details } = JSON.parse(text) as Partial<Status> & { details?: Partial<Status> };
    return { reason, retryAfterSeconds: details?.retryAfterSeconds, message: message === "" ? quoted(text) : message };
  } catch {
    return { reason: "", message: text.trimStart().startsWith("<") ? notKubernetes(text) : quoted(text) };
  }
}

/** The message about an answer that the API server never gives. */
export function notKubernetes(text: string): string {
  return `the answer is not Kubernetes': is \`server\` right, or a proxy or login page in between? It begins: ${quoted(text)}`;
}

const quoted = (text: string): string => text.trim().slice(0, 150);
