import type { KubeUser } from "../../../../provider/cluster/access/kubeconfig";
import { connect } from "../../../../provider/cluster/connect";
import { requestJson } from "../../../../provider/cluster/request";
import { refusal } from "../../../support/fakeApiServer";
import { serverForEach } from "../support";
import { kubeconfig, placeForEach, refusalOf } from "./support";

const each = serverForEach();
const place = placeForEach();

const read = { method: "GET", path: "/version", deed: "read the version" } as const;

async function connectAs(user: KubeUser) {
  const path = place.write("config", kubeconfig(user, { server: each.api.url }));
  const connection = await connect({ kubeconfig: path }, place.machine);
  return () => requestJson(connection, read);
}

/** Who the server was told is asking, request by request. */
const told = () => each.api.requests.map(({ headers }) => headers.authorization);
const ok = { status: 200 };
const unauthorized = refusal(401, "Unauthorized", "Unauthorized");

const future = `x.${Buffer.from(JSON.stringify({ exp: 4_000_000_000 })).toString("base64url")}.x`;
const past = `x.${Buffer.from(JSON.stringify({ exp: 1_000_000_000 })).toString("base64url")}.x`;

describe("a request is sent", () => {
  test.each<[string, KubeUser, string | undefined]>([
    ["a token", { token: "t" }, "Bearer t"],
    ["a token that ends with a line break", { token: "t\n" }, "Bearer t"],
    ["name and password", { username: "me", password: "pw" }, "Basic bWU6cHc="],
    ["a token rather than a password", { token: "t", username: "me" }, "Bearer t"],
    ["nothing", {}, undefined],
  ])("[U] with %s", async (_claim, user, expected) => {
    const ask = await connectAs(user);
    each.api.answers.push(ok, ok);
    await ask();
    await ask();
    expect(told()).toEqual([expected, expected]);
  });

  test("[U] with what the tokenFile holds now", async () => {
    const ask = await connectAs({ tokenFile: place.write("token", "one\n"), token: "old" });
    each.api.answers.push(ok, ok);
    await ask();
    place.write("token", "two\n");
    await ask();
    expect(told()).toEqual(["Bearer one", "Bearer two"]);
  });

  test("[U] on behalf of somebody else", async () => {
    const ask = await connectAs({
      token: "t",
      as: "jane",
      "as-uid": "7",
      "as-groups": ["dev", "ops"],
      "as-user-extra": { "acme.com/scope": ["view"] },
    });
    each.api.answers.push(ok);
    await ask();
    expect(each.api.requests[0]?.headers).toMatchObject({
      "impersonate-user": "jane",
      "impersonate-uid": "7",
      "impersonate-group": "dev, ops",
      "impersonate-extra-acme.com%2fscope": "view",
    });
  });
});

describe("credentials that are not accepted", () => {
  test("[U] are read anew, and nothing is reported when the new ones are accepted", async () => {
    const ask = await connectAs({ tokenFile: place.write("token", "one") });
    each.api.answers.push(
      { ...unauthorized, before: () => void place.write("token", "two") },
      { status: 200, body: { a: 1 } },
    );
    await expect(ask()).resolves.toEqual({ a: 1 });
    expect(told()).toEqual(["Bearer one", "Bearer two"]);
  });

  test.each<[string, KubeUser, RegExp]>([
    ["a token", { token: "t" }, /they may have been revoked, or be of another cluster; get new ones/],
    [
      "a token that says that it has expired",
      { token: past },
      /they expired on 2001-09-09T01:46:40.000Z; get new ones/,
    ],
    ["a token that says that it has not", { token: future }, /they may have been revoked/],
    ["none", {}, /it has none; give it a token, a certificate or a plugin in the kubeconfig$/],
  ])("[U] are reported with whose they are, and what to do: %s", async (_claim, user, why) => {
    const ask = await connectAs(user);
    each.api.answers.push(unauthorized, ok);
    const error = await refusalOf(ask());
    expect(error.message).toMatch(
      /^cannot read the version: 401 Unauthorized - the server does not accept the credentials of user "me" of context "here": /,
    );
    expect(error.message).toMatch(why);
    expect(error).toMatchObject({ status: 401, reason: "Unauthorized" });
    expect(told()).toHaveLength(1);
  });

  test("[U] a tokenFile that is gone is reported as such", async () => {
    const ask = await connectAs({ tokenFile: "/missing/token" });
    const error = await refusalOf(ask());
    expect(error.message).toMatch(/^the tokenFile of user "me" of context "here" cannot be read: ENOENT/);
    expect(error.status).toBe(401);
  });
});
