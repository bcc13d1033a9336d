import { namedContext } from "../../cluster/context.ts";

test("no name, no existing cluster", () => {
  expect(namedContext([], {})).toBeUndefined();
});

test("the flag, in both its forms", () => {
  expect(namedContext(["--context", "kind"], {})).toBe("kind");
  expect(namedContext(["e2e", "--context=kind"], {})).toBe("kind");
});

test("the environment variable, which the flag overrules", () => {
  const environment = { PULUMI_JOBRUN_TEST_CONTEXT: "minikube" };
  expect(namedContext([], environment)).toBe("minikube");
  expect(namedContext(["--context", "kind"], environment)).toBe("kind");
});

test("a flag without a name is an error, not the embedded cluster", () => {
  expect(() => namedContext(["--context"], {})).toThrow("--context");
});
