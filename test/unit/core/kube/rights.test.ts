import { type GrantedRule, isGranted, type Right, toRuleLines } from "../../../../provider/core/kube/rights";

const rule = (said: Partial<GrantedRule> = {}): GrantedRule => ({
  verbs: ["create"],
  apiGroups: ["batch"],
  resources: ["jobs"],
  ...said,
});

const createJobs: Right = { verb: "create", apiGroup: "batch", resource: "jobs" };
const readLogs: Right = { verb: "get", apiGroup: "", resource: "pods/log" };
const logs = (resources: string[]): GrantedRule => ({ verbs: ["get"], apiGroups: [""], resources });

describe("a right", () => {
  test.each<[claim: string, right: Right, rules: GrantedRule[], granted: boolean]>([
    ["is given by a rule that names it", createJobs, [rule()], true],
    ["may stand among others", createJobs, [rule({ verbs: ["get", "create"], resources: ["cronjobs", "jobs"] })], true],
    ["may stand in any of the rules", createJobs, [rule({ verbs: ["get"] }), rule()], true],
    ["is given by no rule at all", createJobs, [], false],
    [
      "is not made of the parts of two rules",
      createJobs,
      [rule({ verbs: ["get"] }), rule({ resources: ["x"] })],
      false,
    ],
    ["is not given for another verb", createJobs, [rule({ verbs: ["update"] })], false],
    ["is not given in another group", createJobs, [rule({ apiGroups: [""] })], false],
    ["is not given for another resource", createJobs, [rule({ resources: ["cronjobs"] })], false],
    ["is given by every verb", createJobs, [rule({ verbs: ["*"] })], true],
    ["is given in every group", createJobs, [rule({ apiGroups: ["*"] })], true],
    ["is given for every resource", createJobs, [rule({ resources: ["*"] })], true],
    [
      "to delete one is none to delete all",
      { ...createJobs, verb: "deletecollection" },
      [rule({ verbs: ["delete"] })],
      false,
    ],
    ["is not given for objects of some names only", createJobs, [rule({ resourceNames: ["nightly"] })], false],
    ["is given beside one for some names", createJobs, [rule({ resourceNames: ["nightly"] }), rule()], true],
    ["is not bound to no names by an empty list", createJobs, [rule({ resourceNames: [] })], true],
    ["is not given by a rule about paths", createJobs, [{ verbs: ["*"] }], false],
    ["on a subresource is given by name", readLogs, [logs(["pods/log"])], true],
    ["on a subresource is not given with the resource", readLogs, [logs(["pods"])], false],
    ["on a subresource is given for that of every resource", readLogs, [logs(["*/log"])], true],
    ["on a subresource is not given for another one of every resource", readLogs, [logs(["*/status"])], false],
    ["on a subresource is given for every resource", readLogs, [logs(["*"])], true],
    ["on a resource is not given with every subresource", { ...readLogs, resource: "pods" }, [logs(["*/log"])], false],
    ["on a subresource is not given by a pattern that RBAC has not", readLogs, [logs(["pods/*"])], false],
  ])("[U] %s", (_claim, right, rules, granted) => {
    expect(isGranted(right, rules)).toBe(granted);
  });
});

test("[U] missing rights are lines of a Role, one for each resource", () => {
  expect(
    toRuleLines([createJobs, readLogs, { ...createJobs, verb: "get" }, { ...createJobs, apiGroup: "other" }]),
  ).toEqual([
    '{apiGroups: ["batch"], resources: ["jobs"], verbs: ["create", "get"]}',
    '{apiGroups: [""], resources: ["pods/log"], verbs: ["get"]}',
    '{apiGroups: ["other"], resources: ["jobs"], verbs: ["create"]}',
  ]);
});
