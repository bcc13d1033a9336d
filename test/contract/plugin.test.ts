import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { PluginAttach, type PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import {
  CheckRequest,
  type CheckResponse,
  ConfigureRequest,
  type ConfigureResponse,
  DiffRequest,
  DiffResponse,
  GetSchemaRequest,
  type GetSchemaResponse,
  InvokeRequest,
  ProviderHandshakeRequest,
  type ProviderHandshakeResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { fromWire, toWire } from "../../provider/doors/plugin/values";
import schema from "../../schema.json";
import { run } from "../cluster/command.ts";
import { cacheFolder, repositoryRoot } from "../cluster/paths.ts";
import { bed } from "../support/bed";
import { startEngine } from "../support/fakeEngine";
import { type ProviderProcess, startProvider } from "../support/providerProcess";

jest.setTimeout(240_000);

const installed = (path: string): string => join(bed().project, "node_modules/pulumi-jobrun", path);
const executable = (): string => installed("provider/bin/pulumi-resource-jobrun");

let engine: Awaited<ReturnType<typeof startEngine>>;
let plugin: ProviderProcess;
beforeEach(async () => {
  engine = await startEngine();
  plugin = await start();
});
afterEach(async () => {
  await plugin.close();
  engine.kill();
});

const start = (): Promise<ProviderProcess> =>
  startProvider({ command: executable(), args: [engine.address], cwd: bed().project, env: process.env });

describe("[C] the plugin's process", () => {
  it("is at its port soon", async () => {
    const times: number[] = [];
    for (let i = 0; i < 5; i++) {
      const begun = performance.now();
      const another = await start();
      times.push(performance.now() - begun);
      await another.close();
    }
    console.log(`from start to the port: ${times.map((time) => time.toFixed(0)).join(", ")} ms`);
    expect(Math.min(...times)).toBeLessThan(2_000);
  });

  it("loads neither what talks to clusters nor a compiler of schemas before it checks inputs", () => {
    const modules = ["plugin.js", "openClusters.js", "doors/plugin/provider.js"];
    const loads = modules.map((path) => `require(${JSON.stringify(installed(`dist/provider/${path}`))});`).join("");
    const script = `${loads} process.stdout.write(Object.keys(require.cache).join("\\n"));`;
    const { stdout } = spawnSync(process.execPath, ["--eval", script], { encoding: "utf8" });
    const packages = [...stdout.matchAll(/node_modules[/]((?:@[^/]+[/])?[^/]+)(?!.*node_modules)(.*)/g)];
    const loaded = new Set(packages.map(([, name = ""]) => name));
    expect(loaded).toContain("@grpc/grpc-js");
    expect(loaded).not.toContain("undici");
    expect(packages.filter(([, name]) => name === "ajv").map(([, , file]) => file)).toEqual([
      "/dist/runtime/ucs2length.js",
    ]);
  });

  it("ends when its engine has gone without a word", async () => {
    await plugin.call("handshake", handshakeRequest());
    engine.kill();
    await plugin.ended;
  });

  it("stays when another engine attaches in time, and goes with that one", async () => {
    const second = await startEngine();
    const request = new PluginAttach();
    request.setAddress(second.address);
    await plugin.call("attach", request);
    engine.kill();
    await plugin.call("getPluginInfo", new Empty());
    second.kill();
    await plugin.ended;
  });

  it("refuses a Node that is too old, in words", () => {
    const script = `Object.defineProperty(process.versions, "node", { value: "20.1.0" }); require(${JSON.stringify(executable())});`;
    const { status, stderr } = spawnSync(process.execPath, ["--eval", script], { encoding: "utf8" });
    expect([status, stderr]).toEqual([1, "pulumi-resource-jobrun needs Node 22.19 or newer, got 20.1.0 from PATH\n"]);
  });
});

/** The names of the inputs of each resource: the CLI orders keys anew and drops what it does not know. */
function inputsIn(schema: string): object {
  const { resources } = JSON.parse(schema) as { resources: Record<string, { inputProperties: object }> };
  const entries = Object.entries(resources).toSorted(([a], [b]) => a.localeCompare(b));
  return entries.map(([token, { inputProperties }]) => [token, Object.keys(inputProperties).toSorted()]);
}

function handshakeRequest(): ProviderHandshakeRequest {
  const request = new ProviderHandshakeRequest();
  request.setEngineAddress(engine.address);
  return request;
}

describe("[C] the plugin tells the engine", () => {
  it("what it can do, with and without a handshake", async () => {
    const shaken = await plugin.call<ProviderHandshakeResponse>("handshake", handshakeRequest());
    expect(shaken.toObject()).toMatchObject({ acceptSecrets: true, supportsAutonamingConfiguration: true });
    const configured = await plugin.call<ConfigureResponse>("configure", new ConfigureRequest());
    expect(configured.toObject()).toMatchObject({ acceptsecrets: true, supportspreview: true });
  });

  it("its version, which is the package's", async () => {
    const { version } = JSON.parse(readFileSync(installed("package.json"), "utf8")) as { version: string };
    const info = await plugin.call<PluginInfo>("getPluginInfo", new Empty());
    expect(info.getVersion()).toBe(version);
  });

  it("its schema, byte for byte; `pulumi package get-schema` tells the same", async () => {
    const response = await plugin.call<GetSchemaResponse>("getSchema", new GetSchemaRequest());
    const file = readFileSync(installed("schema.json"), "utf8");
    expect(response.getSchema()).toBe(file);
    const told = await run([join(bed().pulumi, "pulumi"), "package", "get-schema", executable()]);
    expect(inputsIn(told)).toEqual(inputsIn(file));
  });

  it("which resource type or function it does not have", async () => {
    const request = new CheckRequest();
    request.setUrn("urn:pulumi:dev::shop::jobrun:index:Jbo::nightly");
    await expect(plugin.call("check", request)).rejects.toThrow(
      "jobrun has no resource type jobrun:index:Jbo; there is jobrun:index:Job, jobrun:index:JobRun",
    );
    const invoke = new InvokeRequest();
    invoke.setTok("jobrun:index:getJbo");
    await expect(plugin.call("invoke", invoke)).rejects.toThrow("jobrun has no function jobrun:index:getJbo");
  });

  it("all faults of its configuration, and keeps a kubeconfig secret", async () => {
    const request = new CheckRequest();
    request.setNews(toWire({ kubeconfig: "k", strict: "maybe", contxt: "c" }));
    const answer = await plugin.call<CheckResponse>("checkConfig", request);
    expect(
      answer
        .getFailuresList()
        .map((failure) => failure.getProperty())
        .toSorted(),
    ).toEqual(["contxt", "strict"]);
    expect(fromWire(answer.getInputs()).secrets).toEqual(["kubeconfig"]);
  });

  it("that other settings of the provider replace nothing by themselves", async () => {
    const request = new DiffRequest();
    request.setOldInputs(toWire({ context: "a", version: "1" }));
    request.setNews(toWire({ context: "b", version: "2" }));
    const answer = await plugin.call<DiffResponse>("diffConfig", request);
    expect(answer.toObject()).toMatchObject({
      changes: DiffResponse.DiffChanges.DIFF_SOME,
      diffsList: ["context"],
      replacesList: [],
    });
  });
});

describe("[C] the archive of a release", () => {
  it("is installed by Pulumi's own command, and has all that the plugin needs", async () => {
    const work = mkdtempSync(join(cacheFolder("packages"), "archive-"));
    const pack = join(repositoryRoot(), "provider/tools/packPlugin.mts");
    const printed = await run([process.execPath, pack, work], { cwd: repositoryRoot() });
    const archives = printed.trim().split("\n");
    expect(archives.map((path) => basename(path))).toEqual(
      ["linux-amd64", "linux-arm64", "darwin-amd64", "darwin-arm64"].map(
        (platform) => `pulumi-resource-jobrun-v${schema.version}-${platform}.tar.gz`,
      ),
    );
    const env = { ...process.env, PULUMI_HOME: work };
    const install = ["plugin", "install", "resource", "jobrun", `v${schema.version}`, "--file", archives[0] ?? ""];
    await run([join(bed().pulumi, "pulumi"), ...install], { env });
    const command = join(work, `plugins/resource-jobrun-v${schema.version}/pulumi-resource-jobrun`);
    const fromArchive = await startProvider({ command, args: [engine.address], cwd: work, env: process.env });
    await fromArchive.call("configure", new ConfigureRequest());
    const request = new CheckRequest();
    request.setUrn("urn:pulumi:dev::shop::jobrun:index:Job::nightly");
    request.setNews(toWire({ image: "app:1" }));
    const answer = await fromArchive.call<CheckResponse>("check", request);
    expect(answer.getFailuresList()).toEqual([]);
    await fromArchive.close();
    rmSync(work, { recursive: true });
  });
});
