import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { isPlainObject } from "../../core/kube/hash";
import { isSecretForm, plainJson, type Props, toSecret } from "../props";

/** Properties in plain values, and the paths of those that are secret, such as `env[1].value`. Unknown values stay Pulumi's texts for them. */
export interface Values {
  readonly props: Props;
  readonly secrets: readonly string[];
}

/** Reads properties off the wire. */
export function fromWire(struct: Struct | undefined): Values {
  const secrets: string[] = [];
  const props = unwrapped(struct?.toJavaScript() ?? {}, "", (path) => secrets.push(path)) as Props;
  return { props, secrets };
}

/** Puts properties on the wire, with everything secret that stands at one of the paths. */
export function toWire(props: Props, secrets: readonly string[] = []): Struct {
  const paths = new Set(secrets);
  const value = plainJson(props) as Parameters<typeof Struct.fromJavaScript>[0];
  return Struct.fromJavaScript(wrapped(value, "", paths) as typeof value);
}

function unwrapped(value: unknown, at: string, found: (path: string) => void): unknown {
  if (!isSecretForm(value)) return mapMembers(value, at, (member, path) => unwrapped(member, path, found));
  found(at);
  return unwrapped(value.value, at, found);
}

/** What is within a secret is secret with it. */
function wrapped(value: unknown, at: string, secrets: ReadonlySet<string>): unknown {
  return secrets.has(at) ? toSecret(value) : mapMembers(value, at, (member, path) => wrapped(member, path, secrets));
}

function mapMembers(value: unknown, at: string, map: (member: unknown, path: string) => unknown): unknown {
  if (Array.isArray(value)) return value.map((member, i) => map(member, `${at}[${i.toString()}]`));
  if (!isPlainObject(value)) return value;
  const entries = Object.entries(value);
  return Object.fromEntries(entries.map(([key, member]) => [key, map(member, at === "" ? key : `${at}.${key}`)]));
}
