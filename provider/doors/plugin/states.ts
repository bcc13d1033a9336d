import { CheckFailure } from "@pulumi/pulumi/proto/provider_pb";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { type Confidential, markSecrets, withoutMarks } from "../../core/spec/secrets";
import type { CheckFailure as CheckFault } from "../../core/spec/validate";
import { type Created, InitFailure, type State } from "../../resources/contract";
import { holdsSecret, inputsOf, isFromSecret, privateKey, type Props, secretOutputs } from "../props";
import { unhealthy } from "./failure";
import { toWire, type Values } from "./values";

/** The faults of inputs on the wire. */
export function toFailures(faults: readonly CheckFault[]): CheckFailure[] {
  return faults.map(({ property, reason }) => {
    const failure = new CheckFailure();
    failure.setProperty(property);
    failure.setReason(reason);
    return failure;
  });
}

/** The user's inputs, with the marks of their secrets. */
export const markedInputs = <I extends Confidential>({ props, secrets }: Values): I =>
  markSecrets(inputsOf<I>(props), secrets);

/** Inputs on their way back, in the shape in which they came. A kubeconfig holds credentials, whether the program says so or not. */
export function inputsToWire(inputs: Confidential, secrets: readonly string[]): Struct {
  const kubeconfig = inputs.connection?.kubeconfig === undefined ? [] : ["connection.kubeconfig"];
  return toWire({ ...withoutMarks(inputs) }, [...secrets, ...kubeconfig]);
}

/** What a secret has gone into is secret. */
export function outputsToWire(outputs: Props, secrets: readonly string[], more: readonly string[] = []): Struct {
  return toWire(outputs, [...Object.keys(outputs).filter((key) => isFromSecret(key, secrets)), ...more]);
}

/** What the engine is to keep. */
export function stateToWire(state: State<Confidential>, secrets: readonly string[]): Struct {
  const { state: hidden } = privateKey;
  return outputsToWire({ ...state.outputs, [hidden]: state.hidden }, secrets, [
    ...secretOutputs(state),
    ...(holdsSecret(state, secrets) ? [hidden] : []),
  ]);
}

/** Turns "exists, but is not what it should be" into the error that makes the engine keep the resource in state. */
export async function withState<T>(secrets: readonly string[], work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof InitFailure)) throw error;
    const { id, state } = error.created as Created<Confidential>;
    throw unhealthy({ id, properties: stateToWire(state, secrets), reason: error.message });
  }
}
