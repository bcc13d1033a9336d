/** What the API server answered, or why it did not. */
export class ClusterError extends Error {
  override readonly name = "ClusterError";
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  /** Kubernetes' reason, such as `AlreadyExists`. */
  readonly reason: string;

  constructor(
    message: string,
    { status = 0, reason = "", cause }: { status?: number; reason?: string; cause?: unknown } = {},
  ) {
    super(message, { cause });
    this.status = status;
    this.reason = reason;
  }
}

/** The object is not there. */
export const isNotFound = (error: unknown): boolean => error instanceof ClusterError && error.status === 404;
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
/** The version to watch from is too old. */
export const isGone = (error: unknown): boolean => error instanceof ClusterError && error.status === 410;

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
