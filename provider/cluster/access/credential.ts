/** What shows the API server who we are. */
export interface Credential {
  /** Value of the header `Authorization`. */
  readonly authorization?: string;
  /** Client certificate and its key, as PEM. */
  readonly cert?: string;
  readonly key?: string;
  /** From when on another one is to be got; milliseconds since 1970. */
  readonly renewAt: number;
}

/** Whether both show the same to the server. */
export function isSame(a: Credential, b: Credential): boolean {
  return a.authorization === b.authorization && hasSameCertificate(a, b);
}

/** Whether both can share connections. */
export function hasSameCertificate(a: Credential, b: Credential): boolean {
  return a.cert === b.cert && a.key === b.key;
}
