import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { bed } from "../support/bed";
import { kubectl, leftovers, objects, until } from "../support/kubectl";
import { changes, plain } from "../support/stack";
import { stacksIn } from "../support/stacks";

jest.setTimeout(300_000);

const namespace = "e2e-connection";
const stacks = stacksIn(namespace);
const folder = mkdtempSync(join(tmpdir(), "jobrun-e2e-"));

beforeAll(async () => {
  await stacks.open();
  const here = ["--namespace", namespace];
  await kubectl("create", "serviceaccount", "pipeline", ...here);
  await kubectl(
    "create",
    "rolebinding",
    "pipeline",
    "--clusterrole=edit",
    `--serviceaccount=${namespace}:pipeline`,
    ...here,
  );
});

afterAll(async () => {
  await stacks.close();
  rmSync(folder, { recursive: true });
});

/** A token of the service account that ends with the Secret of that name. */
async function tokenFor(secret: string): Promise<string> {
  await kubectl("create", "secret", "generic", secret, "--namespace", namespace);
  const bound = ["--bound-object-kind=Secret", `--bound-object-name=${secret}`];
  return (await kubectl("create", "token", "pipeline", "--namespace", namespace, ...bound)).trim();
}

function write(name: string, content: string | object, mode = 0o600): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  chmodSync(path, mode);
  return path;
}

/** The cluster of the bed, without the bed's user. */
const clusters = (): unknown => (JSON.parse(readFileSync(bed().kubeconfig, "utf8")) as { clusters: unknown }).clusters;

const contexts = () => [{ name: bed().context, context: { cluster: bed().context, user: "pipeline" } }];

/** A program that is not to be run. */
const DEAD = 'throw new Error("the program was run");';

const noneOf = (secret: string, ...texts: string[]): void => {
  for (const text of texts)
    for (const form of [secret, Buffer.from(secret).toString("base64")]) expect(text.includes(form)).toBe(false);
};

describe("[E] a kubeconfig given as a secret input", () => {
  it("is enough for all commands, also without the program, and is seen nowhere", async () => {
    const token = await tokenFor("given");
    const users = [{ name: "pipeline", user: { token } }];
    const kubeconfig = write("given", {
      clusters: clusters(),
      users,
      contexts: contexts(),
      "current-context": bed().context,
    });
    const stack = stacks.make(
      "given",
      `const kubeconfig = pulumi.secret(require("fs").readFileSync("${kubeconfig}", "utf8"));
       const job = new Job("given", { ...small, connection: { kubeconfig }, command: ["true"] });
       new JobRun("given-run", { job });`,
    );
    stack.setEnvironment({ KUBECONFIG: "/missing" });
    const up = await stack.up();
    expect(up.output).not.toContain("error:");
    expect((await stack.stored("given-run")).outputs["status"]).toBe("completed");
    expect(changes(await stack.up({ expectNoChanges: true, diff: true }))).toEqual({ same: 2 });

    stack.write(DEAD);
    rmSync(kubeconfig);
    const refresh = await stack.refresh({ expectNoChanges: true });
    expect(refresh.ok).toBe(true);
    noneOf(token, up.output, refresh.output, stack.checkpoint());
    const destroy = await stack.destroy();
    expect(destroy.ok).toBe(true);
    noneOf(token, destroy.output);
  });
});

/** A credential plugin that prints what stands in the file of its variable, and notes that it was run. */
const PLUGIN = `#!/bin/sh
echo run >> "$NOTES"
printf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"%s"}}' "$(cat "$TOKEN")"
`;

/** A kubeconfig in two files, with a plugin beside the second one. */
function splitKubeconfig(token: string): { KUBECONFIG: string; runs: () => number } {
  const file = write("token", token);
  const notes = write("notes", "");
  write("two/bin/plugin", PLUGIN, 0o700);
  const env = [
    { name: "TOKEN", value: file },
    { name: "NOTES", value: notes },
  ];
  const apiVersion = "client.authentication.k8s.io/v1";
  const exec = { apiVersion, command: "./bin/plugin", env, interactiveMode: "Never" };
  const one = write("one/config", { clusters: clusters(), contexts: contexts(), "current-context": bed().context });
  const two = write("two/config", { users: [{ name: "pipeline", user: { exec } }], "current-context": "other" });
  return {
    KUBECONFIG: ["/missing", one, two].join(":"),
    runs: () => readFileSync(notes, "utf8").split("\n").length - 1,
  };
}

describe("[E] KUBECONFIG with several files and a credential plugin", () => {
  const RUNS = 10;

  it("serves ten runs with one start of the plugin, and one more when the token is revoked meanwhile", async () => {
    const first = await tokenFor("first");
    const { KUBECONFIG, runs } = splitKubeconfig(first);
    const stack = stacks.make(
      "several",
      `for (let i = 0; i < ${RUNS}; i++) new JobRun("several-" + i, { ...small, command: sh("sleep 25") });`,
    );
    stack.setEnvironment({ KUBECONFIG });
    const up = stack.up({ parallel: RUNS });
    await until(async () => (await running()) === RUNS);
    expect(runs()).toBe(1);
    const second = await tokenFor("second");
    write("token", second);
    await kubectl("delete", "secret", "first", "--namespace", namespace);
    expect(plain((await up).output)).not.toMatch(/401|error:/);
    expect(runs()).toBe(2);

    stack.write(DEAD);
    expect((await stack.refresh({ expectNoChanges: true })).ok).toBe(true);
    write("token", "tok-revoked");
    const refused = await stack.destroy();
    expect(refused.ok).toBe(false);
    expect(plain(refused.output)).toMatch(
      /401 Unauthorized - the server does not accept the credentials of user "pipeline" of context ".*": its credential plugin ".*\/two\/bin\/plugin" gave new ones, and these are not accepted either; log in again/,
    );
    write("token", second);
    expect((await stack.destroy()).ok).toBe(true);
    expect(await leftovers(namespace)).toEqual([]);
    noneOf(second, (await up).output, refused.output, stack.checkpoint());
  });
});

async function running(): Promise<number> {
  const pods = await objects(namespace, "pods");
  return pods.filter(({ status, metadata }) => metadata.name.startsWith("several-") && status["phase"] === "Running")
    .length;
}
