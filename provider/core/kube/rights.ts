/** One deed on the objects of one resource, in the words of a Role. */
export interface Right {
  readonly verb: string;
  /** Empty for the core group. */
  readonly apiGroup: string;
  /** In the plural, with the subresource if there is one: `pods/log`. */
  readonly resource: string;
}

/** A rule as the API server tells it of a user. */
export interface GrantedRule {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
}

/** Whether one of the rules gives the right on all objects of the resource, as Kubernetes' RBAC decides it. */
export function isGranted({ verb, apiGroup, resource }: Right, rules: readonly GrantedRule[]): boolean {
  const [, subresource] = resource.split("/");
  const names = [resource, ...(subresource === undefined ? [] : [`*/${subresource}`])];
  return rules.some(
    ({ verbs, apiGroups = [], resources = [], resourceNames = [] }) =>
      // Names that are made anew cannot stand in a rule, and a list or a create has no name at all.
      resourceNames.length === 0 && holds(verbs, [verb]) && holds(apiGroups, [apiGroup]) && holds(resources, names),
  );
}

const holds = (list: readonly string[], wanted: readonly string[]): boolean =>
  ["*", ...wanted].some((word) => list.includes(word));

/** The rights as rules of a Role, one line of YAML for each resource. */
export function toRuleLines(rights: readonly Right[]): string[] {
  const byResource = Map.groupBy(rights, ({ apiGroup, resource }) => `${apiGroup}/${resource}`);
  return [...byResource.values()].map((ofResource) => toRuleLine(ofResource));
}

function toRuleLine(rights: readonly Right[]): string {
  const list = (words: Iterable<string>): string => `[${[...words].map((word) => JSON.stringify(word)).join(", ")}]`;
  const each = (key: keyof Right): string => list(new Set(rights.map((right) => right[key])));
  return `{apiGroups: ${each("apiGroup")}, resources: ${each("resource")}, verbs: ${each("verb")}}`;
}
