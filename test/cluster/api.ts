import { readFileSync } from "node:fs";
import { request } from "node:https";
import { certificateFile } from "./certificates.ts";
import type { Settings } from "./settings.ts";

const TIMEOUT_MILLISECONDS = 2_000;
const NOT_READY = "node.kubernetes.io/not-ready";

/** Asks the API server as the administrator; undefined when there is no answer or not a good one. */
export function getFromApi(settings: Settings, path: string): Promise<string | undefined> {
  const read = (file: string) => readFileSync(certificateFile(settings, file));
  const identity = {
    ca: read("ca.crt"),
    cert: read("admin.crt"),
    key: read("admin.key"),
  };
  const address = { host: "127.0.0.1", port: settings.ports.apiServer, path };
  return new Promise((resolve) => {
    const call = request({ ...address, ...identity, agent: false, timeout: TIMEOUT_MILLISECONDS }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (text: string) => (body += text));
      response.on("close", () => resolve(response.statusCode === 200 ? body : undefined));
    });
    call.on("timeout", () => call.destroy(new Error("no answer in time")));
    call.on("error", () => resolve(undefined));
    call.end();
  });
}

export async function isApiReady(settings: Settings): Promise<boolean> {
  return (await getFromApi(settings, "/readyz")) === "ok";
}

type NodeObject = {
  spec: { taints?: { key: string }[] };
  status: { conditions?: { type: string; status: string }[] };
};

/** Ready, and free of the taint that a new node wears until the controller manager has seen it. */
export async function isNodeReady(settings: Settings): Promise<boolean> {
  const body = await getFromApi(settings, "/api/v1/nodes/localhost");
  if (body === undefined) return false;
  const { spec, status } = JSON.parse(body) as NodeObject;
  const ready = (status.conditions ?? []).find(({ type }) => type === "Ready");
  return ready?.status === "True" && !(spec.taints ?? []).some(({ key }) => key === NOT_READY);
}

/** Pods of a namespace without its service account are refused; the controller manager makes it. */
export async function hasServiceAccount(settings: Settings): Promise<boolean> {
  return (await getFromApi(settings, "/api/v1/namespaces/default/serviceaccounts/default")) !== undefined;
}
