import { readFileSync } from "node:fs";
import { join } from "node:path";
import { certificateFile } from "./certificates.ts";
import type { Settings } from "./settings.ts";

export function kubeconfigFile(settings: Settings, user: string): string {
  return join(settings.folder, `${user}.kubeconfig`);
}

export function contextName(clusterName: string): string {
  return `pulumi-jobrun-${clusterName}`;
}

/** A user's way to the API server; with the certificates inside, so that the file stands for itself. */
export function kubeconfigOf(settings: Settings, user: string): object {
  const name = contextName(settings.name);
  return {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster: serverOf(settings) }],
    users: [{ name: user, user: identityOf(settings, user) }],
    contexts: [{ name, context: { cluster: name, user } }],
    "current-context": name,
  };
}

function serverOf(settings: Settings): object {
  const server = `https://127.0.0.1:${settings.ports.apiServer}`;
  return { server, "certificate-authority-data": base64(settings, "ca.crt") };
}

function identityOf(settings: Settings, user: string): object {
  return {
    "client-certificate-data": base64(settings, `${user}.crt`),
    "client-key-data": base64(settings, `${user}.key`),
  };
}

function base64(settings: Settings, file: string): string {
  return readFileSync(certificateFile(settings, file)).toString("base64");
}
