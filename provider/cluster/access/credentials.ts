import { askAuthProvider } from "./authProvider";
import type { Credential } from "./credential";
import { runPlugin } from "./execPlugin";
import { expiryOf } from "./expiry";
import type { KubeUser, Target } from "./kubeconfig";
import type { Machine } from "./machine";
import { readPem, readText } from "./material";

/** Gets credentials, anew with every call: plugins are run, files are read. */
export async function getCredential(target: Target, machine: Machine): Promise<Credential> {
  const [certificate, token] = await Promise.all([certificateOf(target), tokenOf(target, machine)]);
  return { ...certificate, ...token };
}

const NEVER = Infinity;
/** A file that somebody keeps current is read for every request. */
const ALWAYS = 0;

/** The order is kubectl's: what is written down goes before what must be run. */
async function tokenOf(target: Target, machine: Machine): Promise<Credential> {
  const { user } = target;
  if (isSet(user.tokenFile)) return bearer(await readText(user.tokenFile, `the tokenFile of ${target.who}`), ALWAYS);
  if (isSet(user.token)) return bearer(user.token, NEVER);
  if (user.exec !== undefined) return runPlugin(target, user.exec, machine.env);
  if (user["auth-provider"] !== undefined) {
    const token = await askAuthProvider(target, user["auth-provider"]);
    return bearer(token, expiryOf(token)?.getTime() ?? NEVER);
  }
  if (isSet(user.username)) return { authorization: basic(user), renewAt: NEVER };
  return { renewAt: NEVER };
}

async function certificateOf({ user, who }: Target): Promise<{ cert?: string; key?: string }> {
  const { "client-certificate": certFile, "client-certificate-data": certData } = user;
  const { "client-key": keyFile, "client-key-data": keyData } = user;
  const [cert, key] = await Promise.all([
    readPem(certFile, certData, `the client-certificate of ${who}`),
    readPem(keyFile, keyData, `the client-key of ${who}`),
  ]);
  return { ...(cert !== undefined && { cert }), ...(key !== undefined && { key }) };
}

const isSet = (text: string | undefined): text is string => text !== undefined && text !== "";

/** Files and YAML texts end with a line break that is not part of the token. */
const bearer = (token: string, renewAt: number): Credential => ({ authorization: `Bearer ${token.trim()}`, renewAt });

function basic({ username = "", password = "" }: KubeUser): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}
