import { connectEngine } from "../../../provider/doors/engine";
import { LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import { startEngine } from "../../support/fakeEngine";
import { until } from "../cluster/support";

const urn = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/jobrun:JobRun::nightly";

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
  expect(engine.messages).toEqual([{ at: expect.any(Number), severity, urn, message: "2 pods left", ephemeral }]);
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
