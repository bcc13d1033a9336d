import { delimiter, join } from "node:path";
import type { ExecPlugin, KubeCluster } from "../../../../provider/cluster/access/kubeconfig";
import { connect, type Connection } from "../../../../provider/cluster/connect";
import { openStream, requestJson } from "../../../../provider/cluster/request";
import { refusal } from "../../../support/fakeApiServer";
import { serverForEach } from "../support";
import { base64, makePair } from "../../../support/certificates";
import { kubeconfig, placeForEach, pluginIn, refusalOf, runsOf, V1, withEnv } from "./support";

const each = serverForEach();
const place = placeForEach({ OF_THE_PROCESS: "1", OVERRIDDEN: "1" });

const read = { method: "GET", path: "/version", deed: "read the version" } as const;
const unauthorized = refusal(401, "Unauthorized", "Unauthorized");
const ok = { status: 200 };

function connectWith(exec: ExecPlugin, cluster: Partial<KubeCluster> = {}): Promise<Connection> {
  const path = place.write("config", kubeconfig({ exec }, { server: each.api.url, ...cluster }));
  return connect({ kubeconfig: path }, place.machine);
}

const told = () => each.api.requests.map(({ headers }) => headers.authorization);

/** Prints another token each time: `t1`, `t2`, … */
const counting = (status: string) => `
  const runs = require("fs").readFileSync(${JSON.stringify(join(place.folder, "runs"))}, "utf8").trim().split("\\n");
  print({ token: "t" + runs.length, ${status} });`;

describe("a credential plugin", () => {
  test("[U] is started once for ten requests at once, and not before the first", async () => {
    const connection = await connectWith(pluginIn(place, counting("")));
    expect(() => runsOf(place)).toThrow("ENOENT");
    each.api.answers.push(...Array.from({ length: 10 }, () => ok));
    await Promise.all(Array.from({ length: 10 }, () => requestJson(connection, read)));
    expect(runsOf(place)).toHaveLength(1);
    expect(new Set(told())).toEqual(new Set(["Bearer t1"]));
  });

  test("[U] has the environment of the process, with its own over it, and its arguments", async () => {
    const plugin = pluginIn(place, 'print({ token: process.argv.slice(2).join("-") });', {
      args: ["a", "b"],
      env: [
        { name: "OWN", value: "2" },
        { name: "OVERRIDDEN", value: "2" },
      ],
    });
    each.api.answers.push(ok);
    await requestJson(await connectWith(plugin), read);
    expect(told()).toEqual(["Bearer a-b"]);
    expect(runsOf(place)).toMatchObject([{ OF_THE_PROCESS: "1", OWN: "2", OVERRIDDEN: "2" }]);
  });

  test("[U] is found in PATH", async () => {
    pluginIn(place, 'print({ token: "t" });');
    const path = place.write(
      "config",
      kubeconfig({ exec: { apiVersion: V1, command: "plugin" } }, { server: each.api.url }),
    );
    const PATH = [join(place.folder, "bin"), place.machine.env["PATH"] ?? ""].join(delimiter);
    each.api.answers.push(ok);
    await requestJson(await connect({ kubeconfig: path }, withEnv(place.machine, { PATH })), read);
    expect(told()).toEqual(["Bearer t"]);
  });

  const infoFor = async (more: Partial<ExecPlugin>) => {
    makePair(place.folder, { name: "ca" });
    const cluster = {
      "certificate-authority": join(place.folder, "ca.crt"),
      "tls-server-name": "c",
      extensions: [{ name: "client.authentication.k8s.io/exec", extension: { audience: "a" } }],
    };
    const connection = await connectWith(pluginIn(place, 'print({ token: "t" });', more), cluster);
    each.api.answers.push(ok);
    await requestJson(connection, read);
    return JSON.parse(runsOf(place)[0]?.["KUBERNETES_EXEC_INFO"] ?? "") as unknown;
  };

  test("[U] is told that nobody sits there, and nothing of the cluster unless it wants that", async () => {
    const spec = { interactive: false };
    expect(await infoFor({})).toEqual({ apiVersion: V1, kind: "ExecCredential", spec });
  });

  test("[U] is told of the cluster when it wants that, with the authority itself and the settings for it", async () => {
    expect(await infoFor({ provideClusterInfo: true })).toMatchObject({
      spec: {
        cluster: {
          server: each.api.url,
          "tls-server-name": "c",
          "certificate-authority-data": base64(place.read("ca.crt")),
          config: { audience: "a" },
        },
      },
    });
  });
});

describe("its token", () => {
  test("[U] is used until a minute before its end", async () => {
    const connection = await connectWith(pluginIn(place, counting("expirationTimestamp: lives(3_600_000)")));
    each.api.answers.push(ok, ok);
    await requestJson(connection, read);
    await requestJson(connection, read);
    const { credential } = await connection.access();
    expect(told()).toEqual(["Bearer t1", "Bearer t1"]);
    expect((credential.renewAt - Date.now()) / 1_000).toBeCloseTo(3_540, -2);
  });

  test("[U] that lives shorter than the margin is used, too, for most of its life", async () => {
    const connection = await connectWith(pluginIn(place, counting("expirationTimestamp: lives(20_000)")));
    each.api.answers.push(ok, ok);
    await requestJson(connection, read);
    await requestJson(connection, read);
    expect(told()).toEqual(["Bearer t1", "Bearer t1"]);
  });

  test("[U] that has ended is replaced before the next request", async () => {
    const connection = await connectWith(pluginIn(place, counting("expirationTimestamp: lives(0)")));
    each.api.answers.push(ok, ok);
    await requestJson(connection, read);
    await requestJson(connection, read);
    expect(told()).toEqual(["Bearer t1", "Bearer t2"]);
  });

  test("[U] that is not accepted by ten requests at once is replaced once, and no request fails", async () => {
    const connection = await connectWith(pluginIn(place, counting("")));
    each.api.accepts = ({ headers }) => headers.authorization !== "Bearer t1";
    each.api.answers.push(...Array.from({ length: 10 }, () => ok));
    await Promise.all(Array.from({ length: 10 }, () => requestJson(connection, read)));
    expect(runsOf(place)).toHaveLength(2);
  });

  test("[U] that is not accepted by a stream is replaced, and the stream opens", async () => {
    const connection = await connectWith(pluginIn(place, counting("")));
    each.api.answers.push(unauthorized, { status: 200, body: "line" });
    const chunks: string[] = [];
    for await (const chunk of await openStream(connection, read, new AbortController().signal))
      chunks.push(chunk.toString());
    expect(chunks.join("")).toBe("line");
    expect(told()).toEqual(["Bearer t1", "Bearer t2"]);
  });

  test.each(["request", "stream"])(
    "[U] that is not accepted when new either ends a %s, with what to do",
    async (kind) => {
      const connection = await connectWith(pluginIn(place, counting("")));
      each.api.answers.push(unauthorized, unauthorized, ok);
      const asked =
        kind === "request" ? requestJson(connection, read) : openStream(connection, read, new AbortController().signal);
      const error = await refusalOf(asked);
      expect(error.message).toMatch(
        /^cannot read the version: 401 Unauthorized - the server does not accept the credentials of user "me" of context "here": its credential plugin ".*\/bin\/plugin" gave new ones, and these are not accepted either; log in again$/,
      );
      expect(error.status).toBe(401);
      expect(told()).toEqual(["Bearer t1", "Bearer t2"]);
    },
  );
});

describe("it is said which plugin failed, and why:", () => {
  const failureOf = async (plugin: ExecPlugin) => {
    const error = await refusalOf(requestJson(await connectWith(plugin), read));
    expect(error.status).toBe(401);
    expect(each.api.requests).toEqual([]);
    return error.message.replaceAll(place.folder, "~");
  };
  const START = 'the credential plugin "~/bin/plugin" of user "me" of context "here" ';

  test("[U] it is missing, with the hint of its maker", async () => {
    const missing = { apiVersion: V1, command: "no-such-plugin", installHint: "See https://example.com\n" };
    expect(await failureOf(missing)).toBe(
      'the credential plugin "no-such-plugin" of user "me" of context "here" is not found: install it, or mend `users[].user.exec.command`; See https://example.com',
    );
  });

  test("[U] it is no program", async () => {
    const command = place.write("bin/plugin", "");
    expect(await failureOf({ apiVersion: V1, command })).toBe(
      `${START}is not executable: make it so with \`chmod +x\``,
    );
  });

  test.each([
    [
      "it fails",
      'console.error("SSO session expired"); process.exit(3);',
      "failed with exit code 3: SSO session expired",
    ],
    ["it fails without a word", "process.exit(1);", "failed with exit code 1: it gave no reason"],
    [
      "it prints rubbish",
      'console.log("tok-1 welcome");',
      "must print an ExecCredential as JSON, got 14 characters that are none",
    ],
    ["it prints nothing", "", "must print an ExecCredential as JSON, got 0 characters that are none"],
    [
      "it prints another kind",
      'console.log("{}");',
      `must print an ExecCredential of ${V1}, as \`exec.apiVersion\` says, got undefined of undefined`,
    ],
    [
      "it prints nothing, in JSON",
      'console.log("null");',
      `must print an ExecCredential of ${V1}, as \`exec.apiVersion\` says, got undefined of undefined`,
    ],
    [
      "it prints no credentials",
      'print({ clientCertificateData: "c" });',
      "printed an ExecCredential without `status.token` and without a certificate and its key",
    ],
    [
      "it prints a time that is none",
      'print({ token: "tok-1", expirationTimestamp: "soon" });',
      "printed an `expirationTimestamp` that is no time",
    ],
  ])("[U] %s", async (_claim, body, why) => {
    expect(await failureOf(pluginIn(place, body))).toBe(START + why);
  });

  test("[U] it speaks another version", async () => {
    const plugin = pluginIn(place, 'print({ token: "tok-1" });', { apiVersion: `${V1}beta1` });
    expect(await failureOf(plugin)).toBe(
      `${START}must print an ExecCredential of ${V1}beta1, as \`exec.apiVersion\` says, got ExecCredential of ${V1}`,
    );
  });

  test("[U] it says much: the end of that is shown", async () => {
    const plugin = pluginIn(place, 'console.error("a".repeat(2_000) + " the reason"); process.exit(1);');
    const message = await failureOf(plugin);
    expect(message).toMatch(/exit code 1: …a+ the reason$/);
    expect(message.length).toBeLessThan(700);
  });

  test("[U] it needs a terminal: it is not even run", async () => {
    expect(await failureOf(pluginIn(place, "", { interactiveMode: "Always" }))).toBe(
      `${START}needs a terminal (interactiveMode: Always), and there is none: use credentials that need nobody`,
    );
    expect(() => runsOf(place)).toThrow("ENOENT");
  });
});

test("[U] a plugin that failed is run again for the next request", async () => {
  const connection = await connectWith(
    pluginIn(
      place,
      `if (!require("fs").existsSync(${JSON.stringify(join(place.folder, "ready"))})) process.exit(1); print({ token: "t" });`,
    ),
  );
  await refusalOf(requestJson(connection, read));
  place.write("ready", "");
  each.api.answers.push(ok);
  await requestJson(connection, read);
  expect(told()).toEqual(["Bearer t"]);
});
