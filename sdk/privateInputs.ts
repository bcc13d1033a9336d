import * as pulumi from "@pulumi/pulumi";
import type { Meta, Timeouts } from "../provider/doors/dynamic/meta";
import { type HooksExport, providerText } from "../provider/doors/dynamic/text";

interface Declaration {
  readonly name: string;
  readonly type: string;
  readonly hooks: HooksExport;
  readonly options: pulumi.CustomResourceOptions | undefined;
  /** The arguments, any of which may be secret. */
  readonly confidential: object;
}

/** The inputs that a dynamic provider needs and a program never writes. */
export function privateInputs({ name, type, hooks, options, confidential }: Declaration): pulumi.Inputs {
  const meta: { [Key in keyof Meta]: pulumi.Input<Meta[Key]> } = {
    urn: pulumi.createUrn(name, type, options?.parent),
    project: pulumi.getProject(),
    stack: pulumi.getStack(),
    name,
    secrets: secretPaths(confidential),
    timeouts: timeoutsOf(options?.customTimeouts),
  };
  return { __provider: providerText(hooks), __meta: meta };
}

/** Paths such as `env[1].value` of everything secret: a dynamic provider receives plain values. */
async function secretPaths(value: unknown, at = ""): Promise<string[]> {
  if (pulumi.Output.isInstance(value)) return (await pulumi.isSecret(value)) ? [at] : [];
  if (value instanceof Promise) return secretPaths(await value, at);
  // A resource is no value, and refers to itself.
  if (typeof value !== "object" || value === null || pulumi.Resource.isInstance(value)) return [];
  const members = Array.isArray(value)
    ? value.map((member: unknown, i) => secretPaths(member, `${at}[${i.toString()}]`))
    : Object.entries(value).map(([key, member]) => secretPaths(member, at === "" ? key : `${at}.${key}`));
  return (await Promise.all(members)).flat();
}

function timeoutsOf({ create, update, delete: remove }: pulumi.CustomTimeouts = {}): Timeouts {
  return {
    ...(create !== undefined && { create: seconds(create) }),
    ...(update !== undefined && { update: seconds(update) }),
    ...(remove !== undefined && { delete: seconds(remove) }),
  };
}

const units: Readonly<Record<string, number>> = { h: 3_600, m: 60, s: 1, ms: 1e-3, us: 1e-6, µs: 1e-6, ns: 1e-9 };

/** Reads Pulumi's durations, such as `1h30m`; the engine itself refuses what is not one. */
function seconds(duration: string): number {
  return [...duration.matchAll(/([0-9.]+)(h|ms|us|µs|ns|m|s)/g)].reduce(
    (sum, [, count, unit = ""]) => sum + Number(count) * (units[unit] ?? 0),
    0,
  );
}
