import type { Confidential } from "../../../../provider/core/spec/secrets";
import { stateToWire } from "../../../../provider/doors/plugin/states";
import { fromWire } from "../../../../provider/doors/plugin/values";
import type { State } from "../../../../provider/resources/contract";

const state = (secretOutputs?: readonly string[]): State<Confidential> => ({
  outputs: { name: "nightly-1", capturedLogs: { 0: "a" } },
  hidden: {
    ...{ inputs: { mode: "task" }, server: "https://cluster", namespace: "jobs", uid: "record-uid" },
    ...(secretOutputs && { secretOutputs }),
  },
});

test.each<[readonly string[] | undefined, string[]]>([
  [undefined, []],
  [[], []],
  [["capturedLogs"], ["capturedLogs"]],
  [["capturedLogs", "notThere"], ["capturedLogs"]],
])("[U] outputs that the hidden part names are secret on the wire: %j makes %j so", (names, secret) => {
  const { props, secrets } = fromWire(stateToWire(state(names), []));
  expect(secrets).toEqual(secret);
  expect(props["capturedLogs"]).toEqual({ 0: "a" });
});
