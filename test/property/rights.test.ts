import fc from "fast-check";
import { explainForbidden } from "../../provider/core/kube/missingRights";
import { optionalRights, type Purpose, requiredRights } from "../../provider/core/kube/neededRights";
import { type GrantedRule, isGranted, type Right, toRuleLines } from "../../provider/core/kube/rights";
import { parse } from "yaml";

import "./arbitraries";

const all = (["job", "task", "daemon", "daemonOnJobs"] satisfies Purpose[]).flatMap((purpose) => [
  ...requiredRights(purpose),
  ...optionalRights(purpose).flatMap(({ rights }) => rights),
]);
const right = fc.constantFrom(...all);
const words = (key: keyof Right) =>
  fc.uniqueArray(fc.constantFrom("*", "*/log", "other", ...all.map((one) => one[key])), { maxLength: 3 });
const rule: fc.Arbitrary<GrantedRule> = fc.record(
  {
    verbs: words("verb"),
    apiGroups: words("apiGroup"),
    resources: words("resource"),
    resourceNames: fc.subarray(["a"]),
  },
  { requiredKeys: ["verbs"] },
);
const rules = fc.array(rule, { maxLength: 4 });

const missingIn = (granted: readonly GrantedRule[]): Right[] => all.filter((one) => !isGranted(one, granted));

test("[P] another rule never takes a right away, and the order of the rules does not matter", () => {
  fc.assert(
    fc.property(right, rules, rule, (one, some, more) => {
      if (isGranted(one, some)) expect(isGranted(one, [...some, more])).toBe(true);
      expect(isGranted(one, some.toReversed())).toBe(isGranted(one, some));
    }),
  );
});

test("[P] a rule gives what each of its combinations gives, and nothing else", () => {
  fc.assert(
    fc.property(right, rule, (one, { verbs, apiGroups = [], resources = [], resourceNames = [] }) => {
      const single = verbs.flatMap((verb) =>
        apiGroups.flatMap((group) =>
          resources.map((resource) => ({ verbs: [verb], apiGroups: [group], resources: [resource], resourceNames })),
        ),
      );
      expect(isGranted(one, [{ verbs, apiGroups, resources, resourceNames }])).toBe(isGranted(one, single));
    }),
  );
});

test("[P] a rule for some names gives nothing", () => {
  fc.assert(
    fc.property(right, rules, rule, (one, some, more) => {
      expect(isGranted(one, [...some, { ...more, resourceNames: ["a"] }])).toBe(isGranted(one, some));
    }),
  );
});

test("[P] the rules that are told to be missing are YAML, and with them nothing is missing", () => {
  fc.assert(
    fc.property(rules, (some) => {
      const told = toRuleLines(missingIn(some)).map((line) => parse(line) as GrantedRule);
      expect(missingIn([...some, ...told])).toEqual([]);
    }),
  );
});

test("[P] no message of a server breaks the explanation, and all its words about other reasons are kept", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (before, after) => {
      const message = `${before} is forbidden: exceeded quota: ${after}`;
      expect(explainForbidden(message)).toBe(message);
      expect(explainForbidden(before)).toBe(before);
    }),
  );
});
