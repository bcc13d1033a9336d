import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { plain } from "../support/stack";
import { stacksIn } from "../support/stacks";

jest.setTimeout(300_000);

const namespace = "e2e-unknown";
const stacks = stacksIn(namespace);

beforeAll(stacks.open);
afterAll(stacks.close);

/** A resource whose outputs nobody knows before the deployment. */
const source = `const source = new Job("source", small); const unknown = (value) => source.uid.apply(() => value);`;

/** The lines of the diagnostics at the end that name a fault. */
function faults(output: string): string[] {
  const [, diagnostics = ""] = plain(output).split("Diagnostics:");
  return diagnostics.split("\n").filter((line) => /has a problem:/.test(line));
}

const unknowns: readonly [what: string, args: string][] = [
  ["image", `image: pulumi.interpolate\`busybox:\${source.uid}\``],
  ["mode", `...small, mode: unknown("daemon")`],
  ["a variable's value", `...small, env: [{ name: "A", value: "1" }, { name: "B", value: source.uid }]`],
  ["the whole environment", `...small, env: unknown([{ name: "A", value: "1" }])`],
  ["the job", `job: source.uid`],
  ["the size of the array and the namespace", `...small, arraySize: unknown(3), namespace: source.uid`],
];

describe("[E] a preview in which something is not known yet", () => {
  it.each(unknowns)("finds no fault with it, and shows no placeholder: %s", async (what, args) => {
    const stack = stacks.make(what.replaceAll(/[^a-z]+/g, "-"), `${source} new JobRun("run", { ${args} });`);
    const ended = await stack.preview({ diff: true });
    expect(plain(ended.output)).not.toMatch(/error/i);
    expect(ended.ok).toBe(true);
    // With these the engine stands for what it does not know, as for a provider that it has not made yet.
    expect(ended.output.replaceAll(/\[provider=.*?\]/g, "")).not.toMatch(/04da6b54|3eeb2bf0|6a19a0b0/);
  });

  it.each(unknowns)("still shows a fault elsewhere: %s", async (what, args) => {
    const stack = stacks.make(
      `${what.replaceAll(/[^a-z]+/g, "-")}-fault`,
      `${source} new JobRun("run", { ${args}, terminationGracePeriodSeconds: -1 });`,
    );
    const ended = await stack.preview();
    expect(ended.ok).toBe(false);
    expect(faults(ended.output)).toEqual([expect.stringContaining("must be at least 0, got -1")]);
  });
});

describe("[E] a preview of six faults", () => {
  it("prints six lines, one for each", async () => {
    const stack = stacks.make(
      "six",
      `new Job("job", { name: "Upper", image: "https://reg.example/app:1", mdoe: "task", memory: "4GB", retryLimit: -1,
         env: [{ name: "PORT", value: 8080 }] });`,
    );
    const ended = await stack.preview();
    expect(ended.ok).toBe(false);
    expect(faults(ended.output)).toHaveLength(6);
    const text = faults(ended.output).join("\n");
    for (const help of [
      "did you mean `upper`?",
      "did you mean `reg.example/app:1`?",
      "did you mean `mode`?",
      "did you mean `4G` or `4Gi`?",
    ]) {
      expect(text).toContain(help);
    }
    expect(text).toContain("must be at least 0, got -1");
    expect(text).toContain("must be a string, got a number");
  });
});
