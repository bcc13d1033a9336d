import { Server, ServerCredentials, type ServiceDefinition, type UntypedServiceImplementation } from "@grpc/grpc-js";
import * as services from "@pulumi/pulumi/proto/engine_grpc_pb";
import { GetRootResourceResponse, type LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import { connectEngine } from "../../../provider/doors/engine";
import { until } from "../cluster/support";

const urn = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/jobrun:JobRun::nightly";

const { EngineService } = services as unknown as {
  EngineService: ServiceDefinition & { readonly log: { readonly responseType: new () => object } };
};

/** The part of the engine that a provider talks to. */
async function startEngine() {
  const messages: object[] = [];
  const server = new Server();
  const implementation: UntypedServiceImplementation = {
    log: ({ request }: { request: LogRequest }, answer: (error: null, value: object) => void) => {
      messages.push({
        severity: request.getSeverity(),
        urn: request.getUrn(),
        message: request.getMessage(),
        ephemeral: request.getEphemeral(),
      });
      answer(null, new EngineService.log.responseType());
    },
    getRootResource: (_call: unknown, answer: (error: null, value: GetRootResourceResponse) => void) => {
      answer(null, new GetRootResourceResponse());
    },
    setRootResource: () => undefined,
    startDebugging: () => undefined,
    requirePulumiVersion: () => undefined,
  };
  server.addService(EngineService, implementation);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return { messages, address: `127.0.0.1:${port}`, kill: () => server.forceShutdown() };
}

let engine: Awaited<ReturnType<typeof startEngine>>;
beforeEach(async () => {
  engine = await startEngine();
});
afterEach(() => engine.kill());

test.each([
  ["status", LogSeverity.INFO, true],
  ["info", LogSeverity.INFO, false],
  ["warn", LogSeverity.WARNING, false],
] as const)("[U] a message of kind %s reaches the resource's own row", async (kind, severity, ephemeral) => {
  connectEngine(engine.address).logFor(urn)[kind]("2 pods left");
  await until(() => engine.messages.length > 0);
  expect(engine.messages).toEqual([{ severity, urn, message: "2 pods left", ephemeral }]);
});

describe("an engine", () => {
  test("[U] that answers is there", async () => {
    await expect(connectEngine(engine.address).isThere()).resolves.toBe(true);
  });

  test("[U] that has gone is not there, and a message to it is lost without harm", async () => {
    const { isThere, logFor } = connectEngine(engine.address);
    await isThere();
    engine.kill();
    logFor(urn).info("nobody reads this");
    await expect(isThere()).resolves.toBe(false);
  });

  test("[U] that goes without a word is noticed, once", async () => {
    const { isThere, onGone } = connectEngine(engine.address);
    let gone = 0;
    onGone(() => gone++);
    await isThere();
    engine.kill();
    await until(() => gone > 0);
    expect(gone).toBe(1);
  });
});

test("[U] without an engine, as in a test, nobody is told anything and nothing is missed", async () => {
  const { isThere, logFor, onGone } = connectEngine(undefined);
  let gone = 0;
  onGone(() => gone++);
  for (const kind of ["status", "info", "warn"] as const) logFor(urn)[kind]("hello");
  await expect(isThere()).resolves.toBe(true);
  expect(gone).toBe(0);
});
