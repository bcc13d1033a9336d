import { isPlainObject } from "../../core/kube/hash";
import { type Confidential, markSecrets, withoutMarks } from "../../core/spec/secrets";
import type { State } from "../../resources/contract";
import {
  holdsSecret,
  inputsOf,
  isFromJobsSecret,
  noMeta,
  plainJson,
  privateKey,
  type Props,
  secretOutputs,
  toSecret,
} from "../props";
import type { Meta } from "./meta";

/** The private part of inputs or outputs. */
export function metaOf(props: Props): Meta {
  const meta = props[privateKey.meta];
  if (!isPlainObject(meta)) throw new Error(noMeta);
  return meta as unknown as Meta;
}

/** The user's part of the inputs, with the marks of its secrets. */
export function markedInputsOf<I extends Confidential>(props: Props): I {
  return markSecrets(inputsOf<I>(props), metaOf(props).secrets);
}

/** Inputs on their way back: in the shape in which they came. */
export function toInputs(inputs: Confidential, props: Props): Record<string, unknown> {
  return plainJson({ ...withoutMarks(inputs), ...privateOf(props) });
}

/**
 * What the engine is to keep. The hidden part is encrypted when it holds a secret. Pulumi keeps an output secret when the input
 * of that name is; what a run has from its job has no such input.
 */
export function toOutputs(state: State<Confidential>, props: Props): Record<string, unknown> {
  const { secrets } = metaOf(props);
  const { outputs, kept } = plainJson({ outputs: state.outputs, kept: state.hidden });
  const shown = Object.entries(outputs).map(([key, value]) => [
    key,
    isFromJobsSecret(key, secrets) || secretOutputs(state).includes(key) ? toSecret(value) : value,
  ]);
  return {
    ...(Object.fromEntries(shown) as Record<string, unknown>),
    ...plainJson(privateOf(props)),
    [privateKey.state]: holdsSecret(state, secrets) ? toSecret(kept) : kept,
  };
}

function privateOf(props: Props): Record<string, unknown> {
  const { meta, provider } = privateKey;
  return { [meta]: props[meta], [provider]: props[provider] };
}
