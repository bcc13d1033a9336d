import { type GrantedRule, isGranted, type Right } from "../core/kube/rights";
import { ClusterError } from "./errors";
import type { Ask } from "./list";
import type { ClusterClient } from "./port";

const AUTHORIZATION = "/apis/authorization.k8s.io/v1";

/** What the API server tells of the user's rights in a namespace. */
interface Review {
  readonly rules: readonly GrantedRule[];
  /** Some authorizer, such as a cloud's own, answers single questions only. */
  readonly incomplete: boolean;
}

/** When the server does not say, the deed itself will be refused, and say why. */
const untold: Review = { rules: [{ verbs: ["*"], apiGroups: ["*"], resources: ["*"] }], incomplete: false };

/** Asks the API server for the user's rights: one request for a namespace, kept for as long as the process lives. */
export function rightsOf(ask: Ask): Pick<ClusterClient, "missingRights" | "userName"> {
  const reviewOf = remembered((namespace) => review(ask, namespace));
  const isRefused = remembered(async (question) => !(await isAllowed(ask, JSON.parse(question) as Question)));
  return {
    missingRights: async (namespace, rights) => {
      const { rules, incomplete } = await reviewOf(namespace);
      const unproven = rights.filter((right) => !isGranted(right, rules));
      if (!incomplete) return unproven;
      const refused = await Promise.all(unproven.map((right) => isRefused(JSON.stringify({ namespace, ...right }))));
      return unproven.filter((_right, i) => refused[i]);
    },
    userName: () => userName(ask),
  };
}

/** Does the work once for each key; a failure is not kept. */
function remembered<T>(work: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const results = new Map<string, Promise<T>>();
  return (key) => {
    const result = results.get(key) ?? work(key);
    results.set(key, result);
    result.catch(() => results.delete(key));
    return result;
  };
}

interface RulesReview {
  /** Go writes an empty list as null. */
  readonly status: { readonly resourceRules: readonly GrantedRule[] | null; readonly incomplete: boolean };
}

function review(ask: Ask, namespace: string): Promise<Review> {
  return answered(untold, async () => {
    const { status } = await ask<RulesReview>({
      method: "POST",
      path: `${AUTHORIZATION}/selfsubjectrulesreviews`,
      body: toBody("SelfSubjectRulesReview", { namespace }),
      deed: `ask for the rights in namespace ${namespace}`,
    });
    return { rules: status.resourceRules ?? [], incomplete: status.incomplete };
  });
}

interface Question extends Right {
  readonly namespace: string;
}

interface AccessReview {
  readonly status: { readonly allowed: boolean };
}

function isAllowed(ask: Ask, { namespace, verb, apiGroup, resource: name }: Question): Promise<boolean> {
  const [resource, subresource] = name.split("/");
  return answered(true, async () => {
    const { status } = await ask<AccessReview>({
      method: "POST",
      path: `${AUTHORIZATION}/selfsubjectaccessreviews`,
      body: toBody("SelfSubjectAccessReview", {
        resourceAttributes: { namespace, verb, group: apiGroup, resource, subresource },
      }),
      deed: `ask for the right to ${verb} ${name} in namespace ${namespace}`,
    });
    return status.allowed;
  });
}

interface SubjectReview {
  readonly status: { readonly userInfo: { readonly username?: string } };
}

/** Servers before 1.28 do not tell. */
function userName(ask: Ask): Promise<string | undefined> {
  return answered(undefined, async () => {
    const { status } = await ask<SubjectReview>({
      method: "POST",
      path: "/apis/authentication.k8s.io/v1/selfsubjectreviews",
      body: { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" },
      deed: "ask for the user's name",
    });
    return status.userInfo.username;
  });
}

const toBody = (kind: string, spec: object): object => ({ apiVersion: "authorization.k8s.io/v1", kind, spec });

/** A server that refuses to tell is no obstacle; one that cannot be reached is. */
async function answered<T>(otherwise: T, question: () => Promise<T>): Promise<T> {
  try {
    return await question();
  } catch (error) {
    if (error instanceof ClusterError && error.status !== 0) return otherwise;
    throw error;
  }
}
