import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { repositoryRoot } from "../cluster/paths.ts";
import { kubectl } from "./kubectl";

/** A rule of a Role. */
export interface PolicyRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

interface RbacObject {
  readonly apiVersion: string;
  readonly kind: "ServiceAccount" | "Role" | "RoleBinding";
  readonly rules?: readonly PolicyRule[];
  readonly roleRef?: Readonly<Record<string, string>>;
  readonly subjects?: readonly Readonly<Record<string, string>>[];
}

/** The objects of the page about rights, as a user applies them. */
function documentedObjects(): RbacObject[] {
  const text = readFileSync(join(repositoryRoot(), "docs/rbac.yaml"), "utf8");
  return parseAllDocuments(text).map((document) => document.toJS() as RbacObject);
}

/** The rules of the documented Role. */
export function documentedRules(): readonly PolicyRule[] {
  return documentedObjects().find(({ kind }) => kind === "Role")?.rules ?? [];
}

/** The documented rules without these verbs on the resource. */
export function rulesWithout(resource: string, ...verbs: string[]): PolicyRule[] {
  return documentedRules()
    .map((rule) =>
      rule.resources.includes(resource) ? { ...rule, verbs: rule.verbs.filter((verb) => !verbs.includes(verb)) } : rule,
    )
    .filter((rule) => rule.verbs.length > 0);
}

/** A service account of that name in the namespace, with the documented Role and binding, and these rules in the Role. */
export async function makeAccount(namespace: string, name: string, rules = documentedRules()): Promise<void> {
  await apply(
    documentedObjects().map((object) => ({
      ...object,
      metadata: { name, namespace },
      ...(object.kind === "Role" && { rules }),
      ...(object.kind === "RoleBinding" && {
        roleRef: { ...object.roleRef, name },
        subjects: object.subjects?.map((subject) => ({ ...subject, name, namespace })),
      }),
    })),
  );
}

async function apply(items: readonly object[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "account-"));
  try {
    writeFileSync(join(folder, "list.json"), JSON.stringify({ apiVersion: "v1", kind: "List", items }));
    await kubectl("apply", "--filename", join(folder, "list.json"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The kubeconfig of the test cluster with a token of the account in place of the administrator's certificate. */
export async function kubeconfigOf(namespace: string, account: string): Promise<string> {
  const [config, token] = await Promise.all([
    kubectl("config", "view", "--raw", "--flatten", "--minify", "--output", "json"),
    kubectl("create", "token", account, "--namespace", namespace),
  ]);
  const { users, ...rest } = JSON.parse(config) as { users: { name: string }[] };
  return JSON.stringify({ ...rest, users: users.map(({ name }) => ({ name, user: { token: token.trim() } })) });
}
