import { providerText } from "../../../provider/doors/dynamic/text";

interface Module {
  readonly handler?: () => unknown;
}

/** The module as Pulumi's dynamic host evaluates it. */
function evaluate(text: string, load: (name: string) => unknown): Module {
  const module: Module = {};
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the host does the same
  (new Function("exports", "require", text) as (exports: Module, require: unknown) => void)(module, load);
  return module;
}

const hooks = { job: Symbol("job"), jobRun: Symbol("jobRun") };

describe.each(["job", "jobRun"] as const)("what stands in the state of a resource with the hooks %s", (name) => {
  const text = providerText(name);

  test("[U] is under 1,000 characters", () => {
    expect(text.length).toBeLessThan(1_000);
  });

  test("[U] is the same for every resource, so that none is a change", () => {
    expect(providerText(name)).toBe(text);
  });

  test("[U] is evaluated to the hooks of the installed package", () => {
    const names: string[] = [];
    const module = evaluate(text, (asked) => {
      names.push(asked);
      return hooks;
    });
    expect(names).toEqual([]);
    expect(module.handler?.()).toBe(hooks[name]);
    expect(names).toEqual(["pulumi-jobrun/hooks"]);
  });

  test("[U] says what to do when the package is gone", () => {
    const module = evaluate(text, () => {
      throw new Error("Cannot find module 'pulumi-jobrun/hooks'");
    });
    expect(() => module.handler?.()).toThrow(
      `pulumi-jobrun cannot be loaded from ${process.cwd()}: install it again (npm install pulumi-jobrun); it is needed until the stack is destroyed. Cannot find module 'pulumi-jobrun/hooks'`,
    );
  });
});
