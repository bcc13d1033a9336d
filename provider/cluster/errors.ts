/** What the API server answered, or why it did not. */
export class ClusterError extends Error {
  override readonly name = "ClusterError";
  /** HTTP status; 0 when there was no answer; 401 also when no credentials can be had. */
  readonly status: number;
  /** Kubernetes' reason, such as `AlreadyExists`. */
  readonly reason: string;
  /** How long the server asks to be left alone. */
  readonly retryAfterSeconds: number | undefined;
  /**
   * The request was sent more than once, because the server was overloaded or the connection broke. An earlier sending
   * may have been done: `AlreadyExists` and `Conflict` may then be answers to our own deed.
   */
  readonly wasRepeated: boolean;

  constructor(message: string, { status = 0, reason = "", ...more }: ClusterErrorDetails = {}) {
    super(message, { cause: more.cause });
    this.status = status;
    this.reason = reason;
    this.retryAfterSeconds = more.retryAfterSeconds;
    this.wasRepeated = more.wasRepeated ?? false;
  }
}

interface ClusterErrorDetails {
  readonly status?: number;
  readonly reason?: string;
  readonly retryAfterSeconds?: number | undefined;
  readonly wasRepeated?: boolean;
  readonly cause?: unknown;
}

/** The object is not there. Kubernetes says so itself: something in between that knows no such path does not count. */
export const isNotFound = (error: unknown): boolean => error instanceof ClusterError && error.reason === "NotFound";
/** What is asked for does not fit the object as it is now. */
export const isBadRequest = (error: unknown): boolean => error instanceof ClusterError && error.status === 400;
/** Another object has the name. */
export const isAlreadyExists = (error: unknown): boolean =>
  error instanceof ClusterError && error.reason === "AlreadyExists";
/** The object has changed meanwhile, or is another one of the same name. */
export const isConflict = (error: unknown): boolean => error instanceof ClusterError && error.status === 409;
/** A right is missing. */
export const isForbidden = (error: unknown): boolean => error instanceof ClusterError && error.status === 403;
/** The credentials are not taken, or do not suffice: asking again does not help. */
export function isRefused(error: unknown): error is ClusterError {
  return error instanceof ClusterError && (error.status === 401 || error.status === 403);
}
/** No cluster is named, or it gives no answer. */
export const isUnreachable = (error: unknown): boolean => error instanceof ClusterError && error.status === 0;
/** The version to watch from is too old. */
export const isGone = (error: unknown): boolean => error instanceof ClusterError && error.status === 410;

/** The message of whatever was thrown. */
export const messageOf = (error: unknown): string => textOf(error, "message") ?? String(error);

/** The name that the system or Node gives to an error, such as `ECONNREFUSED`. */
export const codeOf = (error: unknown): string => textOf(error, "code") ?? "";

function textOf(error: unknown, key: string): string | undefined {
  const value = typeof error === "object" && error !== null ? (error as Record<string, unknown>)[key] : undefined;
  return typeof value === "string" ? value : undefined;
}
