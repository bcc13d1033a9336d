import { stableJson } from "../../core/kube/hash";
import { configFailures } from "../../core/spec/check";
import type { CheckFailure } from "../../core/spec/validate";
import type { Settings } from "../../resources/clusters";
import type { Props } from "../props";
import { readSettings } from "../settings";

/** What Pulumi itself says of a provider among its inputs. */
const pulumisOwn: ReadonlySet<string> = new Set([
  "version",
  "pluginDownloadURL",
  "pluginChecksums",
  "parameterization",
]);

/** The configuration of the provider that is ours. */
function ownConfig(props: Props): Props {
  return Object.fromEntries(Object.entries(props).filter(([key]) => !key.startsWith("__") && !pulumisOwn.has(key)));
}

/** All faults of the configuration. Pulumi hands over as a text what the stack's configuration says, whatever its type. */
export function failuresOf(props: Props): CheckFailure[] {
  const { strict, ...config } = ownConfig(props);
  return configFailures(strict === undefined ? config : { ...config, strict: booleans.get(strict) ?? strict });
}

const booleans: ReadonlyMap<unknown, boolean> = new Map([
  ["true", true],
  ["false", false],
]);

/** The settings that the configuration says. */
export function settingsOf(props: Props): Settings {
  return readSettings((key) => {
    const value = props[key];
    if (value === undefined || value === null) return undefined;
    return typeof value === "string" ? value : JSON.stringify(value);
  });
}

/** The settings that differ. None makes other resources of the old ones by itself: each resource says where it would be. */
export function changedSettings(before: Props, after: Props): string[] {
  const [old, now] = [ownConfig(before), ownConfig(after)];
  return [...new Set([...Object.keys(old), ...Object.keys(now)])].filter(
    (key) => stableJson(old[key]) !== stableJson(now[key]),
  );
}
