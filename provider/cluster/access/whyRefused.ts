import { X509Certificate } from "node:crypto";
import type { Credential } from "./credential";
import { expiryOf } from "./expiry";
import type { Target } from "./kubeconfig";

/** Why the server does not accept the credentials, as far as can be told from here, and what to do. */
export function whyRefused({ user, who }: Target, credential: Credential): string {
  return `the server does not accept the credentials of ${who}: ${reason(user, credential)}`;
}

function reason(user: Target["user"], { authorization = "", cert }: Credential): string {
  if (user.exec !== undefined)
    return `its credential plugin "${user.exec.command}" gave new ones, and these are not accepted either; log in again`;
  const ended = [expiryOf(authorization), cert === undefined ? undefined : certificateExpiry(cert)].find(isPast);
  if (ended !== undefined)
    return `they expired on ${ended.toISOString()}; get new ones, and put them into the kubeconfig`;
  if (authorization === "" && cert === undefined)
    return "it has none; give it a token, a certificate or a plugin in the kubeconfig";
  return "they may have been revoked, or be of another cluster; get new ones, and put them into the kubeconfig";
}

const certificateExpiry = (pem: string): Date => new X509Certificate(pem).validToDate;

const isPast = (date: Date | undefined): date is Date => date !== undefined && date.getTime() < Date.now();
