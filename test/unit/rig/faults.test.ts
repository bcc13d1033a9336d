import { asked, type Exchange } from "../../rig/exchange";
import { ActiveRule, type Matcher } from "../../rig/faults";

const jobs = "/apis/batch/v1/namespaces/a/jobs";

/** The n-th request of a client, which creates a Job of that name. */
function creation(number: number, name = "b"): Exchange {
  const sent = JSON.stringify({ metadata: { name } });
  const more = { client: "one", token: "", path: jobs, sent, at: 0, faults: [], sentBytes: 0, receivedBytes: 0 };
  return { ...asked({ method: "POST", url: jobs }, sent), ...more, number };
}

/** Which of forty requests meet the rule, by number. */
function met(matcher: Matcher, seed = "x"): number[] {
  const rule = new ActiveRule({ matcher, fault: { does: "holds" }, seed }, () => undefined);
  for (let number = 1; number <= 40; number++) rule.takes(creation(number, number % 2 === 0 ? "even" : "odd"));
  return rule.met.map(({ number }) => number);
}

test.each<[string, Matcher, readonly number[]]>([
  ["the third", { nth: 3 }, [3]],
  ["the second to the fourth", { nth: [2, 4] }, [2, 3, 4]],
  ["the second of a name", { name: "even", nth: 2 }, [4]],
  ["those that a condition holds for", { where: ({ number }) => number > 38 }, [39, 40]],
  ["none of another client", { client: "other" }, []],
  ["none of another verb or kind", { verb: "get", resource: "jobs" }, []],
  ["none but real ones, when dry runs are meant", { dryRun: true }, []],
  ["none, by a chance of nothing", { chance: 0 }, []],
])("[U] a rule of the rig is for %s", (_claim, matcher, numbers) => {
  expect(met(matcher)).toEqual(numbers);
});

test("[U] what is left to chance is the same for the same seed, and another for another one", () => {
  const first = met({ chance: 0.5 });
  expect(met({ chance: 0.5 })).toEqual(first);
  expect(met({ chance: 0.5 }, "y")).not.toEqual(first);
  expect(first.length).toBeGreaterThan(8);
  expect(first.length).toBeLessThan(32);
});
