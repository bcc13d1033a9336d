import { isOlder } from "../../cluster/build.ts";
import { getTool } from "../../cluster/tools.ts";

test.each([
  ["1.26.8", "1.26.8", false],
  ["1.26.10", "1.26.8", false],
  ["1.27.0", "1.26.8", false],
  ["1.9.9", "1.26.0", true],
  ["1.26.7", "1.26.8", true],
])("Go %s is older than %s: %s", (version, wanted, older) => {
  expect(isOlder(version, wanted)).toBe(older);
});

test("an unknown tool is answered with the names of all", () => {
  expect(() => getTool("helm")).toThrow(/etcd, .*kubectl, .*got "helm"/);
});
