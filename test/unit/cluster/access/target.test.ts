import { join } from "node:path";
import { findTarget } from "../../../../provider/cluster/access/target";
import { kubeconfig, placeForEach, refusalOf, withEnv } from "./support";

const place = placeForEach();
const files = (...paths: string[]) => withEnv(place.machine, { KUBECONFIG: paths.join(":") });

const cluster = (name: string, server = `https://${name}:6443`) => ({ name, cluster: { server } });
const user = (name: string, token: string) => ({ name, user: { token } });
const context = (name: string, to: string, as: string) => ({ name, context: { cluster: to, user: as } });

describe("[U] the cluster comes", () => {
  test("from the content that is given, whatever else there is", async () => {
    place.write(".kube/config", kubeconfig({ token: "other" }));
    const given = JSON.stringify(
      kubeconfig({ token: "t" }, { server: "https://given" }, { namespace: "team" }),
      null,
      2,
    );
    expect(await findTarget({ kubeconfig: given }, place.machine)).toMatchObject({
      cluster: { server: "https://given" },
      user: { token: "t" },
      namespace: "team",
      who: 'user "me" of context "here"',
    });
  });

  test("from the file that is given, also below the home", async () => {
    const path = place.write("some/config", kubeconfig({}, { server: "https://file" }));
    for (const given of [path, "~/some/config"])
      expect((await findTarget({ kubeconfig: given }, place.machine)).cluster.server).toBe("https://file");
  });

  test("from the files of KUBECONFIG, and then not from the default", async () => {
    place.write(".kube/config", kubeconfig({}, { server: "https://default" }));
    const path = place.write("named", kubeconfig({}, { server: "https://named" }));
    expect((await findTarget({}, files(path))).cluster.server).toBe("https://named");
  });

  test.each([{}, { KUBECONFIG: "" }])("from the default file with the environment %j", async (env) => {
    place.write(".kube/config", kubeconfig({}, { server: "https://default" }));
    expect((await findTarget({}, withEnv(place.machine, env))).cluster.server).toBe("https://default");
  });

  test.each([
    ["10.96.0.1", "https://10.96.0.1:443"],
    ["fd00::1", "https://[fd00::1]:443"],
  ])("from the pod at %s when nothing names one", async (host, server) => {
    place.write("serviceaccount/token", "t");
    place.write("serviceaccount/namespace", "team\n");
    const env = { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: "443" };
    expect(await findTarget({}, withEnv(place.machine, env))).toMatchObject({
      cluster: { server, "certificate-authority": join(place.folder, "serviceaccount/ca.crt") },
      user: { tokenFile: join(place.folder, "serviceaccount/token") },
      namespace: "team",
    });
  });

  test("from the context that is wanted, else the current one", async () => {
    const path = place.write("config", {
      clusters: [cluster("a"), cluster("b")],
      contexts: [context("a", "a", ""), context("b", "b", "")],
      "current-context": "a",
    });
    expect((await findTarget({ kubeconfig: path }, place.machine)).cluster.server).toBe("https://a:6443");
    const wanted = await findTarget({ kubeconfig: path, context: "b" }, place.machine);
    expect(wanted).toMatchObject({ cluster: { server: "https://b:6443" }, user: {}, namespace: "default" });
  });
});

describe("[U] of several files", () => {
  test("a missing and an empty one are skipped, and of each name the first definition counts, whole", async () => {
    const a = place.write("a", {
      clusters: [{ name: "c", cluster: { server: "https://first", "tls-server-name": "x" } }],
      contexts: [context("here", "c", "me")],
      "current-context": "here",
    });
    const b = place.write("b", {
      clusters: [{ name: "c", cluster: { server: "https://second", "proxy-url": "http://proxy" } }],
      users: [user("me", "t")],
      contexts: [context("here", "nowhere", "nobody"), context("there", "c", "me")],
      "current-context": "there",
    });
    const c = place.write("c", { users: [user("me", "later")] });
    const all = files("/missing", place.write("empty", ""), a, b, c);
    expect(await findTarget({}, all)).toMatchObject({
      cluster: { server: "https://first", "tls-server-name": "x" },
      user: { token: "t" },
      who: 'user "me" of context "here"',
    });
    expect((await findTarget({}, all)).cluster).not.toHaveProperty("proxy-url");
    expect((await findTarget({ context: "there" }, all)).cluster.server).toBe("https://first");
  });

  test("each has its relative paths from its own folder; a plugin without a path is looked for in PATH", async () => {
    const a = place.write("one/config", kubeconfig({}, { "certificate-authority": "ca.crt" }));
    const plugin = (command: string) => ({ apiVersion: "v1", command });
    const b = place.write("two/config", {
      users: [
        { name: "files", user: { "client-certificate": "me.crt", "client-key": "/abs/me.key", tokenFile: "../token" } },
        { name: "plugin", user: { exec: plugin("./bin/plugin") } },
        { name: "installed", user: { exec: plugin("aws") } },
      ],
      contexts: ["files", "plugin", "installed"].map((name) => context(name, "there", name)),
    });
    const at = async (name: string) => findTarget({ context: name }, files(a, b));
    const home = place.folder;
    expect((await at("files")).cluster["certificate-authority"]).toBe(join(home, "one/ca.crt"));
    expect((await at("files")).user).toMatchObject({
      "client-certificate": join(home, "two/me.crt"),
      "client-key": "/abs/me.key",
      tokenFile: join(home, "token"),
    });
    expect((await at("plugin")).user.exec?.command).toBe(join(home, "two/bin/plugin"));
    expect((await at("installed")).user.exec?.command).toBe("aws");
  });
});

test("[U] what is written and left empty is as good as not written", async () => {
  const empty = { token: null, exec: null, "client-key": null };
  const path = place.write("config", kubeconfig(empty as never, { "proxy-url": null } as never, { namespace: null }));
  expect(await findTarget({ kubeconfig: path }, place.machine)).toEqual({
    cluster: { server: "https://there:6443" },
    user: {},
    namespace: "default",
    who: 'user "me" of context "here"',
  });
});

describe("[U] the URL of a server", () => {
  test.each([
    ["https://c:6443/", "https://c:6443"],
    ["https://c/k8s/clusters/1", "https://c/k8s/clusters/1"],
    ["http://127.0.0.1:8080", "http://127.0.0.1:8080"],
  ])("%s stays what states know it by: %s", async (server, expected) => {
    const path = place.write("config", kubeconfig({}, { server }));
    expect((await findTarget({ kubeconfig: path }, place.machine)).cluster.server).toBe(expected);
  });
});

describe("[U] it is said what is wrong with", () => {
  const messageFor = async (options: object, machine = place.machine) =>
    (await refusalOf(findTarget(options, machine))).message.replaceAll(place.folder, "~");

  test("a cluster that nothing names", async () => {
    expect(await messageFor({})).toBe(
      "no cluster is named: the kubeconfig ~/.kube/config has none; set KUBECONFIG, `jobrun:kubeconfig` and `jobrun:context` in the stack configuration, or `connection`; on the command line `--kubeconfig`",
    );
    expect(await messageFor({}, files("/missing", "/too"))).toMatch(
      /^no cluster is named: KUBECONFIG \(\/missing:\/too\) has none; set/,
    );
  });

  test("a file that is not there", async () => {
    expect(await messageFor({ kubeconfig: "~/missing" })).toBe(
      "the kubeconfig ~/missing does not exist: check `connection.kubeconfig`, `jobrun:kubeconfig` or `--kubeconfig`",
    );
  });

  test("a file that cannot be read", async () => {
    place.write("folder/file", "");
    expect(await messageFor({ kubeconfig: join(place.folder, "folder") })).toMatch(
      /^the kubeconfig ~\/folder cannot be read: EISDIR/,
    );
    expect(await messageFor({}, files(join(place.folder, "folder")))).toMatch(/cannot be read: EISDIR/);
  });

  test("content that is still encoded, without showing it", async () => {
    const encoded = Buffer.from(JSON.stringify(kubeconfig({ token: "tok-1" }))).toString("base64");
    expect(await messageFor({ kubeconfig: encoded })).toBe(
      "the kubeconfig must be a path or YAML, and it looks base64-encoded: decode it first",
    );
  });

  test("content that is not YAML, without showing any of it", async () => {
    const error = await refusalOf(findTarget({ kubeconfig: "users:\n- token: tok-1\n  - {" }, place.machine));
    expect(error.message).toMatch(/^the kubeconfig given as content is not YAML: .* in line \d$/);
    expect(JSON.stringify([error.message, error.stack, error.cause])).not.toContain("tok-1");
  });

  test.each([
    ["- a\n", "the kubeconfig given as content must be a mapping, got a list"],
    ["just\ntext\n", "the kubeconfig given as content must be a mapping, got a string"],
    ["clusters: {}\n", "the kubeconfig given as content: clusters must be a list, got a mapping"],
    ["users:\n- a\n", "the kubeconfig given as content: users[0] must be a mapping, got a string"],
    [
      "users:\n- {name: a, user: {token: 123}}\n",
      "the kubeconfig given as content: users[0].user.token must be a string, got a number",
    ],
    [
      "users: [{name: a, user: {as-user-extra: {team: null}}}]\n",
      'the kubeconfig given as content: users[0].user.as-user-extra["team"] must be a list, got nothing',
    ],
    [
      "users: [{name: a, user: {as-groups: [dev, 7]}}]\n",
      "the kubeconfig given as content: users[0].user.as-groups must be a list of strings, got a number in it",
    ],
    [
      "users:\n- {name: a, user: {exec: {command: plugin, args: --x}}}\n",
      "the kubeconfig given as content: users[0].user.exec.args must be a list, got a string",
    ],
    ["users:\n- {}\n", "the kubeconfig given as content: users[0].name must be a string, got nothing"],
    [
      "contexts:\n- {name: a, context: b}\n",
      "the kubeconfig given as content: contexts[0].context must be a mapping, got a string",
    ],
  ])("%j", async (content, message) => {
    expect(await messageFor({ kubeconfig: content })).toBe(message);
  });

  test.each([
    [
      "a context that is not there",
      { context: "x" },
      {},
      'there is no context "x" in the kubeconfig ~/config; it has here',
    ],
    [
      "no current context",
      {},
      { "current-context": "" },
      "the kubeconfig ~/config has no current context: set `connection.context`, `jobrun:context` or, on the command line, `--context`; it has here",
    ],
    [
      "a context of no known cluster",
      {},
      { clusters: [cluster("other")] },
      'the cluster of context "here" in the kubeconfig ~/config is "there", which does not exist; there is other',
    ],
    [
      "a context of no known user",
      {},
      { users: [] },
      'the user of context "here" in the kubeconfig ~/config is "me", which does not exist; there is none',
    ],
    [
      "a server that is no URL",
      {},
      { clusters: [cluster("there", "localhost:8080")] },
      'the cluster\'s `server` must be a URL such as https://host:6443, got "localhost:8080"',
    ],
  ])("%s", async (_claim, options, more, message) => {
    const path = place.write("config", { ...kubeconfig({}), ...more });
    expect(await messageFor({ kubeconfig: path, ...options })).toBe(message);
  });
});
