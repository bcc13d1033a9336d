import type { ClusterError } from "../errors";
import type { Credential } from "./credential";

/** Makes the error that says which plugin failed. */
export type Failed = (why: string) => ClusterError;

interface ExecCredential {
  readonly apiVersion?: unknown;
  readonly kind?: unknown;
  readonly status?: Status | null;
}

interface Status {
  readonly token?: string;
  readonly clientCertificateData?: string;
  readonly clientKeyData?: string;
  readonly expirationTimestamp?: string;
}

/** Reads what a credential plugin printed. Nothing of it may be quoted: it may hold a token. */
export function readCredential(printed: string, apiVersion: string, failed: Failed): Credential {
  const { kind, apiVersion: version, status } = parsed(printed, failed);
  if (kind !== "ExecCredential" || version !== apiVersion)
    throw failed(
      `must print an ExecCredential of ${apiVersion}, as \`exec.apiVersion\` says, got ${String(kind)} of ${String(version)}`,
    );
  return toCredential(status ?? {}, failed);
}

function parsed(printed: string, failed: Failed): ExecCredential {
  try {
    return (JSON.parse(printed) as ExecCredential | null) ?? {};
  } catch {
    throw failed(`must print an ExecCredential as JSON, got ${printed.length} characters that are none`);
  }
}

function toCredential(status: Status, failed: Failed): Credential {
  const { token = "", expirationTimestamp = "" } = status;
  const shown = { ...(token !== "" && { authorization: `Bearer ${token}` }), ...certificateOf(status) };
  if (Object.keys(shown).length === 0)
    throw failed("printed an ExecCredential without `status.token` and without a certificate and its key");
  const renewAt = expirationTimestamp === "" ? Infinity : renewalBefore(Date.parse(expirationTimestamp), failed);
  return { ...shown, renewAt };
}

function certificateOf({ clientCertificateData: cert = "", clientKeyData: key = "" }: Status): object {
  return cert === "" || key === "" ? {} : { cert, key };
}

const MARGIN_MS = 60_000;

/** A minute before the end, or after four fifths of a life that is shorter than five. */
function renewalBefore(end: number, failed: Failed): number {
  if (Number.isNaN(end)) throw failed("printed an `expirationTimestamp` that is no time");
  return end - Math.min(MARGIN_MS, Math.max(0, end - Date.now()) / 5);
}
