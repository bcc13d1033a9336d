import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { holdAt } from "../support/crash";
import { kubectl, objects } from "../support/kubectl";
import { changes, plain } from "../support/stack";
import { stacksIn } from "../support/stacks";

jest.setTimeout(600_000);

const namespace = "e2e-definition";
const stacks = stacksIn(namespace);

beforeAll(stacks.open);
afterAll(stacks.close);

const patch = (object: string, body: object): Promise<string> =>
  kubectl("patch", object, "--namespace", namespace, "--type=merge", "--patch", JSON.stringify(body));

async function specOf(job: string): Promise<unknown> {
  const [definition] = await objects(namespace, "configmaps", `pulumi-jobrun/kind=job,pulumi-jobrun/job=${job}`);
  return JSON.parse(definition?.data?.["spec.json"] ?? "") as unknown;
}

describe("[E] a definition that somebody changes by hand", () => {
  it("so that it is no JSON any more: its runs name it, a refresh warns, and `up` writes it and its Secret anew", async () => {
    const job = stacks.make(
      "broken",
      `new Job("job", { ...small, name: "broken", command: sh("test $TOKEN = right"), retryLimit: 0, env: [{ name: "TOKEN", value: pulumi.secret("right") }] });`,
    );
    expect((await job.up()).ok).toBe(true);
    await patch("configmap/broken.job", { data: { "spec.json": "{ retryLimit: 1" } });
    await patch("secret/broken.job", { stringData: { TOKEN: "wrong" } });

    const run = stacks.make("run", `new JobRun("run", { job: "broken", name: "broken" });`);
    expect(plain((await run.up()).output)).toContain(
      `key spec.json of ConfigMap ${namespace}/broken.job must be a JSON object, which the definition of a job is kept as, got "{ retryLimit: 1"`,
    );
    const refreshed = await job.refresh();
    expect(refreshed.ok).toBe(true);
    expect(plain(refreshed.output)).toContain(
      "somebody has changed the definition, and `pulumi up` will write it anew",
    );
    expect(changes(await job.up())).toEqual({ update: 1 });
    expect(await specOf("broken")).toMatchObject({ retryLimit: 0 });
    expect((await run.up()).ok).toBe(true);
    expect((await run.stored("run")).outputs["status"]).toBe("completed");

    await kubectl("delete", "secret/broken.job", "--namespace", namespace);
    expect(plain((await job.refresh()).output)).toContain(
      `somebody has changed the secret values of TOKEN in Secret ${namespace}/broken.job, and \`pulumi up\` will write them anew`,
    );
    expect(changes(await job.up())).toEqual({ update: 1 });
    expect((await job.refresh({ expectNoChanges: true })).ok).toBe(true);

    await patch("configmap/broken.job", { data: { "spec.json": "" } });
    expect((await job.destroy()).ok).toBe(true);
  });

  it("at the very moment of an update: the error names who it was, and the next `up` goes through", async () => {
    const program = (code: number): string => `new Job("job", { ...small, name: "contested", retryLimit: ${code} });`;
    const stack = stacks.make("contested", program(1));
    expect((await stack.up()).ok).toBe(true);
    stack.write(program(2));
    const meanwhile = (): Promise<void> =>
      kubectl("annotate", "configmap/contested.job", "--namespace", namespace, "mine=too").then(() => undefined);
    const ended = await holdAt(stack, { text: "PUT /api/v1", meanwhile }, () => stack.up());
    expect(ended.ok).toBe(false);
    expect(plain(ended.output)).toMatch(
      /ConfigMap e2e-definition\/contested\.job was changed by somebody else, who goes by the name "kubectl-annotate", at [^ ]+, at the same time: run `pulumi up` again/,
    );
    expect(await specOf("contested")).toMatchObject({ retryLimit: 1 });
    expect((await stack.up()).ok).toBe(true);
    expect(await specOf("contested")).toMatchObject({ retryLimit: 2 });
  });
});
