import { explainForbidden, lackingDetails, lackingRights } from "../../../../provider/core/kube/missingRights";

const ci = "system:serviceaccount:jobs:ci";

/** What the words about a missing right come to: who, what, where, and the rule. */
const needs = (what: string, rule: string, user = ci): string =>
  `user "${user}" must have the right to ${what} in namespace jobs; add this rule to a Role that is bound to it there (docs/rbac.md of pulumi-jobrun has all that are needed): ${rule}`;

describe("a missing right", () => {
  test.each([
    [
      "to create in a named group",
      `jobs.batch is forbidden: User "${ci}" cannot create resource "jobs" in API group "batch" in the namespace "jobs"`,
      needs("create jobs of API group batch", '{apiGroups: ["batch"], resources: ["jobs"], verbs: ["create"]}'),
    ],
    [
      "to read one object of the core group",
      `configmaps "report.job" is forbidden: User "${ci}" cannot get resource "configmaps" in API group "" in the namespace "jobs"`,
      needs("get configmaps", '{apiGroups: [""], resources: ["configmaps"], verbs: ["get"]}'),
    ],
    [
      "on a subresource",
      `pods "nightly-0-x7kqz" is forbidden: User "${ci}" cannot get resource "pods/log" in API group "" in the namespace "jobs"`,
      needs("get pods/log", '{apiGroups: [""], resources: ["pods/log"], verbs: ["get"]}'),
    ],
    [
      "of a user with any name",
      String.raw`pods is forbidden: User "CN=ann \"the boss\",O=x" cannot list resource "pods" in API group "" in the namespace "jobs"`,
      needs(
        "list pods",
        '{apiGroups: [""], resources: ["pods"], verbs: ["list"]}',
        String.raw`CN=ann \"the boss\",O=x`,
      ),
    ],
    [
      "with what a cloud's own authorizer adds",
      'pods is forbidden: User "ann@example.com" cannot list resource "pods" in API group "" in the namespace "jobs": requires one of ["container.pods.list"] permission(s).',
      `${needs("list pods", '{apiGroups: [""], resources: ["pods"], verbs: ["list"]}', "ann@example.com")} (requires one of ["container.pods.list"] permission(s).)`,
    ],
    [
      "behind a binding that leads nowhere",
      `pods is forbidden: User "${ci}" cannot list resource "pods" in API group "" in the namespace "jobs": RBAC: role.rbac.authorization.k8s.io "gone" not found`,
      `${needs("list pods", '{apiGroups: [""], resources: ["pods"], verbs: ["list"]}')} (RBAC: role.rbac.authorization.k8s.io "gone" not found)`,
    ],
    [
      "in the whole cluster",
      `nodes is forbidden: User "${ci}" cannot list resource "nodes" in API group "" at the cluster scope`,
      `user "${ci}" must have the right to list nodes in the whole cluster; add this rule to a ClusterRole that is bound to it (docs/rbac.md of pulumi-jobrun has all that are needed): {apiGroups: [""], resources: ["nodes"], verbs: ["list"]}`,
    ],
    [
      "of nobody",
      'jobs.batch is forbidden: User "system:anonymous" cannot create resource "jobs" in API group "batch" in the namespace "jobs"',
      "nobody may create jobs of API group batch in namespace jobs without credentials, and none came along: look at the user of the kubeconfig's context",
    ],
  ])("[U] %s is told with the rule that gives it", (_claim, message, explained) => {
    expect(explainForbidden(message)).toBe(explained);
  });
});

describe("what is forbidden for another reason", () => {
  test.each([
    [
      "a quota",
      'jobs.batch "nightly" is forbidden: exceeded quota: few, requested: count/jobs.batch=1, used: count/jobs.batch=0, limited: count/jobs.batch=0',
    ],
    [
      "a namespace that goes",
      'configmaps "a.job" is forbidden: unable to create new content in namespace jobs because it is being terminated',
    ],
    [
      "Pod Security",
      'pods "a" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false (container "a" must set securityContext.allowPrivilegeEscalation=false)',
    ],
    ["a limit range", 'pods "a" is forbidden: maximum cpu usage per Container is 10m, but limit is 1'],
    [
      "a service account that is not there",
      'pods "a" is forbidden: error looking up service account jobs/nobody: serviceaccount "nobody" not found',
    ],
    [
      "a policy of admission",
      "jobs.batch \"nightly\" is forbidden: ValidatingAdmissionPolicy 'no-jobs' with binding 'no-jobs' denied request: jobs are not welcome here",
    ],
    ["an admission webhook", 'admission webhook "guard.example.com" denied the request: no jobs on Fridays'],
    [
      "an admission webhook that talks like an authorizer",
      'admission webhook "guard.example.com" denied the request: jobs.batch is forbidden: User "ci" cannot create resource "jobs" in API group "batch" in the namespace "jobs"',
    ],
    [
      "impersonation of somebody in one deed",
      `pods is forbidden: User "${ci}" cannot impersonate-on:user-info:list resource "pods" in API group "" in the namespace "jobs"`,
    ],
    ["a priority class that is not there", 'pods "a" is forbidden: no PriorityClass with name nope was found'],
    ["a path", 'forbidden: User "ci" cannot get path "/metrics"'],
    ["a proxy in between", "<html><body>403 Forbidden</body></html>"],
    ["nobody knows what", ""],
  ])("[U] %s is told in the server's own words", (_claim, message) => {
    expect(explainForbidden(message)).toBe(message);
  });
});

describe("all that is missing", () => {
  const missing = [
    { verb: "create", apiGroup: "", resource: "configmaps" },
    { verb: "list", apiGroup: "batch", resource: "jobs" },
    { verb: "watch", apiGroup: "batch", resource: "jobs" },
  ];
  const lines =
    '- {apiGroups: [""], resources: ["configmaps"], verbs: ["create"]}\n- {apiGroups: ["batch"], resources: ["jobs"], verbs: ["list", "watch"]}';

  test.each([
    [ci, `user "${ci}"`],
    [undefined, "the kubeconfig's user"],
  ])("[U] is told at once to %s", (user, called) => {
    expect(lackingRights({ what: "a task run", namespace: "jobs", user, missing })).toBe(
      `${called} must have more rights in namespace jobs for a task run, and nothing was done; add these rules to a Role that is bound to it there (docs/rbac.md of pulumi-jobrun says what each is for):\n${lines}`,
    );
  });

  test("[U] of what can be done without comes with what is lost", () => {
    expect(
      lackingDetails("jobs", [
        { lost: "the last log lines of a failed run", missing: [{ verb: "get", apiGroup: "", resource: "pods/log" }] },
      ]),
    ).toMatch(
      /in namespace jobs.*docs\/rbac.md.*\n- \{apiGroups: \[""\], resources: \["pods\/log"\], verbs: \["get"\]\}: the last log lines of a failed run$/,
    );
  });
});
