import schema from "../../../../schema.json";
import { goldens, readInput, readObjects, writeObjects } from "../../support/goldens";
import { allObjects } from "../../support/objects";

/** `UPDATE_GOLDEN=1` rewrites every expected file (then `npm run format`): read the difference before it is committed. */
const update = process.env["UPDATE_GOLDEN"] === "1";

test.each(goldens)("[U] the objects of %s are the golden ones", (golden) => {
  const objects = allObjects(readInput(golden));
  if (update) writeObjects(golden, objects);
  expect(JSON.parse(JSON.stringify(objects))).toEqual(readObjects(golden));
});

interface Node {
  readonly [keyword: string]: unknown;
  readonly $ref?: string;
  readonly items?: Node;
  readonly enum?: readonly { readonly value: string }[];
  readonly properties?: Readonly<Record<string, Node>>;
}

/** Inputs that shape no object: where the run is, how it is waited for, and what the next `up` does. */
const shapeless = [
  ...["namespace", "connection", "job", "jobRevision", "jobDefinition", "triggers", "orphanRuns"],
  ...["wait", "onFailure", "logs", "retention", "settle", "name"],
];

const { "jobrun:index:Job": job, "jobrun:index:JobRun": run } = schema.resources;
const inputs = Object.entries<Node>({ ...job.inputProperties, ...run.inputProperties });
const types: Readonly<Record<string, Node>> = schema.types;

/** Everything that can be said there: each property, and each word of an enum, as a path such as `mode=daemon`. */
function sayable(node: Node, at: string): string[] {
  if (node.items !== undefined) return sayable(node.items, at);
  const type = types[node.$ref?.replace("#/types/", "") ?? ""] ?? node;
  if (type.enum !== undefined) return type.enum.map(({ value }) => `${at}=${value}`);
  const members = Object.entries(type.properties ?? {});
  return members.length === 0 ? [at] : members.flatMap(([name, member]) => sayable(member, `${at}.${name}`));
}

/** Everything that is said there, with the value and without. */
function said(value: unknown, at: string): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => said(item, at));
  if (typeof value !== "object" || value === null) return [at, `${at}=${String(value)}`];
  return [at, ...Object.entries(value).flatMap(([name, member]) => said(member, `${at}.${name}`))];
}

const everySaid = new Set(
  goldens.flatMap((golden) => {
    const { job: definition, run: own } = readInput(golden);
    return [...said(definition?.template ?? {}, ""), ...said(own ?? {}, "")];
  }),
);

test.each(inputs.filter(([name]) => !shapeless.includes(name)).flatMap(([name, node]) => sayable(node, `.${name}`)))(
  "[U] some golden says %s",
  (path) => {
    expect(everySaid).toContain(path);
  },
);
