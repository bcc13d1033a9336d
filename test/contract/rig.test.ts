import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../cluster/command.ts";
import type { Proxy } from "../rig/proxy";
import { kubeconfigOf, makeAccount } from "../support/account";
import { bed } from "../support/bed";
import { kubectl, makeNamespace, removeNamespace, until } from "../support/kubectl";
import { proxied } from "../support/proxied";

jest.setTimeout(60_000);

const namespace = "contract-rig";
let proxy: Proxy;
let folder: string;
let kubeconfig: string;

beforeAll(async () => {
  await makeNamespace(namespace);
  proxy = await proxied();
  kubeconfig = proxy.kubeconfig("kubectl");
  folder = mkdtempSync(join(tmpdir(), "jobrun-rig-"));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await proxy.close();
  await removeNamespace(namespace);
});

const through = (...args: string[]) =>
  run([bed().kubectl, "--kubeconfig", kubeconfig, "--namespace", namespace, ...args]);
const direct = (...args: string[]) => kubectl("--namespace", namespace, ...args);

describe("[C] kubectl through the rig's proxy", () => {
  it("sees what it sees without it: lists, objects, discovery, and refusals", async () => {
    for (const args of [
      ["get", "configmaps,serviceaccounts", "--output", "yaml"],
      ["api-resources", "--output", "name", "--api-group", "batch"],
      ["get", "nodes"],
      ["get", "pods", "--all-namespaces", "--output", "name"],
    ])
      expect(await through(...args)).toBe(await direct(...args));
    await expect(through("get", "configmap", "absent")).rejects.toThrow("NotFound");
  });

  it("applies, patches and deletes", async () => {
    const file = join(folder, "map.json");
    const map = (step: string) => ({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "applied" },
      data: { step },
    });
    for (const step of ["1", "2"]) {
      writeFileSync(file, JSON.stringify(map(step)));
      await through("apply", "--filename", file);
      expect(await direct("get", "configmap", "applied", "--output", "jsonpath={.data.step}")).toBe(step);
    }
    await through("apply", "--server-side", "--force-conflicts", "--dry-run=server", "--filename", file);
    await through("delete", "configmap", "applied");
    const written = proxy.history
      .writes("kubectl")
      .map(({ verb, resource, name, told }) => [verb, resource, name, told]);
    expect(written).toEqual([
      ["create", "configmaps", "applied", 201],
      ["patch", "configmaps", "applied", 200],
      ["delete", "configmaps", "applied", 200],
    ]);
  });

  it("watches, and the watch ends with kubectl", async () => {
    const args = [
      "--kubeconfig",
      kubeconfig,
      "--namespace",
      namespace,
      "get",
      "configmaps",
      "--watch",
      "--output",
      "name",
    ];
    const child = spawn(bed().kubectl, args);
    let told = "";
    child.stdout.on("data", (data: Buffer) => (told += data.toString()));
    await until(() => Promise.resolve(proxy.history.counts("kubectl").watches.now === 1));
    await direct("create", "configmap", "watched");
    await until(() => Promise.resolve(told.includes("configmap/watched")));
    child.kill();
    await until(() => Promise.resolve(proxy.history.counts("kubectl").watches.now === 0));
  });

  it("has the rights of the account whose token it brings, and no others", async () => {
    await makeAccount(namespace, "limited");
    const { users } = JSON.parse(await kubeconfigOf(namespace, "limited")) as { users: [{ user: object }] };
    const limited = proxy.kubeconfig("limited", users[0].user);
    const can = (verb: string, what: string) =>
      run([bed().kubectl, "--kubeconfig", limited, "--namespace", namespace, "auth", "can-i", verb, what]);
    expect(await can("create", "jobs.batch")).toContain("yes");
    await expect(can("create", "daemonsets.apps")).rejects.toThrow("no");
  });
});
