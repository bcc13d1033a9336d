import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { getProgram } from "../cluster/command.ts";

/** A certificate and its key, as PEM. */
export interface Pair {
  readonly cert: string;
  readonly key: string;
}

interface Wanted {
  /** Name in the certificate, and of its files. */
  readonly name: string;
  /** Name of the certificate in the same folder that signs this one; without it, this one is an authority. */
  readonly signer?: string;
  /** Alternative names, as OpenSSL writes them: `IP:127.0.0.1`. */
  readonly names?: string;
  readonly isExpired?: boolean;
}

/** Makes a certificate and its key in the folder. */
export function makePair(folder: string, { name, signer, names = "DNS:nobody", isExpired = false }: Wanted): Pair {
  const [cert, key] = [join(folder, `${name}.crt`), join(folder, `${name}.key`)];
  const by =
    signer === undefined ? [] : ["-CA", join(folder, `${signer}.crt`), "-CAkey", join(folder, `${signer}.key`)];
  const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key, "-out", cert];
  openssl("req", "-x509", "-subj", `/CN=${name}`, "-addext", `subjectAltName=${names}`, ...kind, ...by);
  if (isExpired) openssl("x509", "-in", cert, "-signkey", key, "-days", "-1", "-out", cert);
  return { cert: readFileSync(cert, "utf8"), key: readFileSync(key, "utf8") };
}

function openssl(...args: string[]): void {
  execFileSync(getProgram("openssl", "to make certificates"), args, { stdio: "pipe" });
}

export const base64 = (text: string): string => Buffer.from(text).toString("base64");
