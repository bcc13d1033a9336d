import { afterAll, describe, expect, it } from "@jest/globals";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../cluster/command.ts";
import { bed } from "../support/bed";

const folder = mkdtempSync(join(tmpdir(), "jobrun-oidc-"));
afterAll(() => rmSync(folder, { recursive: true }));

const tokenUntil = (exp: number): string =>
  ["{}", JSON.stringify({ exp }), "signature"].map((part) => Buffer.from(part).toString("base64url")).join(".");

/** A kubeconfig as `ibmcloud ks cluster config` wrote it, with a token that ends then. */
function kubeconfig(exp: number): string {
  const config = { "id-token": tokenUntil(exp), "client-id": "kube", "idp-issuer-url": "https://idp.invalid" };
  const path = join(folder, `until-${exp}`);
  const text = {
    clusters: [{ name: "c", cluster: { server: "https://c:6443" } }],
    users: [{ name: "me", user: { "auth-provider": { name: "oidc", config } } }],
    contexts: [{ name: "here", context: { cluster: "c", user: "me" } }],
    "current-context": "here",
  };
  writeFileSync(path, JSON.stringify(text));
  return path;
}

/** The headers that the installed package would send, or its error. */
async function headersWith(path: string): Promise<unknown> {
  const connect = join(bed().project, "node_modules/pulumi-jobrun/dist/provider/cluster/connect.js");
  const program = `
    require(${JSON.stringify(connect)}).connect({ kubeconfig: ${JSON.stringify(path)} })
      .then((connection) => connection.access())
      .then(({ headers }) => console.log(JSON.stringify(headers)), ({ message }) => console.log(JSON.stringify(message)));`;
  return JSON.parse(await run([process.execPath, "-e", program])) as unknown;
}

describe("[C] a kubeconfig with the auth-provider oidc", () => {
  it("gives its token while that holds", async () => {
    expect(await headersWith(kubeconfig(4_000_000_000))).toEqual({
      authorization: `Bearer ${tokenUntil(4_000_000_000)}`,
    });
  });

  it("says whose token has ended, when it cannot be refreshed", async () => {
    expect(await headersWith(kubeconfig(1_000_000_000))).toBe(
      'the auth-provider "oidc" of user "me" of context "here" gives no token; log in again',
    );
  });
});
