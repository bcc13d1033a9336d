import { type Right, toRuleLines } from "./rights";

/** The page that says which rights are needed, and what for. */
const RIGHTS_PAGE = "docs/rbac.md of pulumi-jobrun";

/** What Kubernetes' authorizers say. Quotas, Pod Security, admission and dying namespaces are "forbidden" too, in other words. */
const FORBIDDEN =
  /^[^" ]+(?: "[^"]*")? is forbidden: User "(?<user>(?:[^"\\]|\\.)*)" cannot (?<verb>[a-z]+) resource "(?<resource>[^"]+)" in API group "(?<apiGroup>[^"]*)" (?:in the namespace "(?<namespace>[^"]+)"|at the cluster scope)(?:: (?<more>.*))?$/s;

interface Refusal extends Right {
  readonly user: string;
  /** Undefined when the deed is not one in a namespace. */
  readonly namespace: string | undefined;
  /** What the authorizer added in words of its own. */
  readonly more: string | undefined;
}

/** The message of an answer 403: a missing right with the rule that gives it, everything else as the server said it. */
export function explainForbidden(message: string): string {
  const refusal = readRefusal(message);
  if (refusal === undefined) return message;
  return `${missing(refusal)}${refusal.more === undefined ? "" : ` (${refusal.more})`}`;
}

function readRefusal(message: string): Refusal | undefined {
  const { user, verb, resource, apiGroup, namespace, more } = FORBIDDEN.exec(message)?.groups ?? {};
  if (user === undefined || verb === undefined || resource === undefined || apiGroup === undefined) return undefined;
  return { user, verb, resource, apiGroup, namespace, more };
}

function missing(refusal: Refusal): string {
  const { user, verb, resource, apiGroup, namespace } = refusal;
  const what = `${verb} ${resource}${apiGroup === "" ? "" : ` of API group ${apiGroup}`}`;
  const where = namespace === undefined ? "in the whole cluster" : `in namespace ${namespace}`;
  if (user === "system:anonymous")
    return `nobody may ${what} ${where} without credentials, and none came along: look at the user of the kubeconfig's context`;
  const role = namespace === undefined ? "ClusterRole that is bound to it" : "Role that is bound to it there";
  return `user "${user}" must have the right to ${what} ${where}; add this rule to a ${role} (${RIGHTS_PAGE} has all that are needed): ${toRuleLines([refusal]).join(", ")}`;
}

/** What the user lacks in the namespace for what is to be made; one message for all of it. */
export function lackingRights(lack: {
  readonly what: string;
  readonly namespace: string;
  readonly user: string | undefined;
  readonly missing: readonly Right[];
}): string {
  const { what, namespace, user, missing } = lack;
  return [
    `${user === undefined ? "the kubeconfig's user" : `user "${user}"`} must have more rights in namespace ${namespace} for ${what}, and nothing was done; add these rules to a Role that is bound to it there (${RIGHTS_PAGE} says what each is for):`,
    ...toRuleLines(missing).map((line) => `- ${line}`),
  ].join("\n");
}

/** What is not told of runs in the namespace for want of rights. */
export function lackingDetails(
  namespace: string,
  details: readonly { readonly lost: string; readonly missing: readonly Right[] }[],
): string {
  return [
    `rights are missing in namespace ${namespace}, without which runs go on but are told of less; add these rules to a Role of the user (${RIGHTS_PAGE}), or do without:`,
    ...details.map(({ lost, missing }) => `- ${toRuleLines(missing).join(", ")}: ${lost}`),
  ].join("\n");
}
