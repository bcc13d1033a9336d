import * as pulumi from "@pulumi/pulumi";
import { Job } from "../../../sdk/plugin/job";
import { JobRun } from "../../../sdk/plugin/jobRun";

const registered = new Map<string, Readonly<Record<string, unknown>>>();
beforeAll(async () => {
  await pulumi.runtime.setMocks({
    newResource: ({ name, id, inputs }) => {
      registered.set(name, inputs as Record<string, unknown>);
      return { id: id ?? `jobs/${name}`, state: inputs as object };
    },
    call: () => ({}),
  });
});

/** The inputs that the engine is told of, without those that are not set. */
async function told(resource: pulumi.CustomResource, name: string): Promise<object> {
  await new Promise((resolve) => resource.urn.apply(resolve));
  return Object.fromEntries(Object.entries(registered.get(name) ?? {}).filter(([, value]) => value !== undefined));
}

const misspelt = { image: "app:1", mdoe: "daemon" };

describe("a resource of the plugin", () => {
  test.each([
    ["Job", () => new Job("r", misspelt)],
    ["JobRun", () => new JobRun("r", misspelt)],
  ])("[U] passes on what its class does not know, for the check to refuse: %s", async (_type, make) => {
    expect(await told(make(), "r")).toEqual(misspelt);
  });

  test("[U] passes on what a run takes from its job, and nothing twice", async () => {
    const inputs = await told(new JobRun("run", { job: new Job("job", misspelt), ...{ retries: 1 } }), "run");
    expect(inputs).toMatchObject({ retries: 1, jobDefinition: { image: "app:1" } });
  });

  test("[U] keeps the user's own transformations, which see every argument", async () => {
    const seen: object[] = [];
    const transformations: pulumi.ResourceTransformation[] = [
      ({ props, opts }) => {
        seen.push(props);
        return { props: { ...props, image: "app:2" }, opts };
      },
    ];
    expect(await told(new Job("changed", misspelt, { transformations }), "changed")).toMatchObject({ image: "app:2" });
    expect(seen).toEqual([expect.objectContaining(misspelt)]);
  });

  test("[U] that is looked up has no arguments", async () => {
    expect(await told(Job.get("found", "jobs/found"), "found")).toEqual({});
  });
});
