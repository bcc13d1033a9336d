import { readFileSync, writeFileSync } from "node:fs";
import { format, resolveConfig } from "prettier";

/**
 * Writes what follows from `schema.json`: the types of inputs and outputs, and the tables of the documentation.
 * The outcome is committed; `npm run generate:check` fails when it is stale.
 */

interface Node {
  readonly type?: string;
  readonly $ref?: string;
  readonly description?: string;
  readonly enum?: readonly { readonly value: string; readonly description?: string }[];
  readonly properties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
  readonly items?: Node;
  readonly additionalProperties?: Node;
}

interface Resource {
  readonly description: string;
  readonly inputProperties: Readonly<Record<string, Node>>;
  readonly requiredInputs?: readonly string[];
  readonly properties: Readonly<Record<string, Node>>;
  readonly required: readonly string[];
}

interface Members {
  readonly properties: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
}

interface Function {
  readonly inputs: Members;
  readonly outputs: Members;
}

interface Schema {
  readonly config: { readonly variables: Readonly<Record<string, Node>> };
  readonly types: Readonly<Record<string, Node>>;
  readonly resources: Readonly<Record<string, Resource>>;
  readonly functions: Readonly<Record<string, Function>>;
}

const schema = JSON.parse(readFileSync("schema.json", "utf8")) as Schema;
const header = "// Generated from schema.json by `npm run generate`. Do not edit.\n";

await write("provider/core/spec/types.generated.ts", types());
await write("docs/fields.md", tables());

/** With `--check` nothing is written: a file that would change fails. */
async function write(file: string, text: string): Promise<void> {
  const formatted = await format(text, { ...(await resolveConfig(file)), filepath: file });
  if (!process.argv.includes("--check")) writeFileSync(file, formatted);
  else if (readFileSync(file, "utf8") !== formatted) {
    console.error(`${file} is stale: run \`npm run generate\` and commit the result`);
    process.exitCode = 1;
  }
}

function types(): string {
  const named = Object.entries(schema.types).map(([token, node]) =>
    node.enum ? enumType(token, node) : objectType(nameOf(token), node),
  );
  const resources = Object.entries(schema.resources).flatMap(([token, resource]) => [
    objectType(`${nameOf(token)}Inputs`, {
      description: `Inputs of a \`${nameOf(token)}\`.`,
      properties: resource.inputProperties,
      ...(resource.requiredInputs && { required: resource.requiredInputs }),
    }),
    objectType(`${nameOf(token)}Outputs`, {
      description: `Outputs of a \`${nameOf(token)}\`.`,
      properties: resource.properties,
      required: resource.required,
    }),
  ]);
  const functions = Object.entries(schema.functions).flatMap(([token, { inputs, outputs }]) => [
    objectType(`${capital(nameOf(token))}Args`, { description: `Arguments of \`${nameOf(token)}\`.`, ...inputs }),
    objectType(`${capital(nameOf(token))}Result`, { description: `Result of \`${nameOf(token)}\`.`, ...outputs }),
  ]);
  return [header, ...named, ...resources, ...functions].join("\n");
}

function capital(name: string): string {
  return name.slice(0, 1).toUpperCase() + name.slice(1);
}

function nameOf(token: string): string {
  return token.split(":").at(-1) ?? token;
}

function enumType(token: string, node: Node): string {
  const values = node.enum?.map(({ value }) => JSON.stringify(value)).join(" | ") ?? "never";
  return `${doc(node)}export type ${nameOf(token)} = ${values};\n`;
}

function objectType(name: string, { properties = {}, required = [], ...node }: Node): string {
  const members = Object.entries(properties).map(
    ([key, property]) => `${doc(property)}readonly ${key}${required.includes(key) ? "" : "?"}: ${typeOf(property)};`,
  );
  return `${doc(node)}export interface ${name} {\n${members.join("\n")}\n}\n`;
}

function doc({ description }: Node): string {
  return description === undefined ? "" : `/** ${description.replaceAll("*/", "*\\/")} */\n`;
}

function typeOf({ type, $ref, items, additionalProperties }: Node): string {
  if ($ref !== undefined) return $ref.startsWith("#/types/") ? nameOf($ref) : "unknown";
  if (items !== undefined) return `readonly ${typeOf(items)}[]`;
  if (additionalProperties !== undefined) return `Readonly<Record<string, ${typeOf(additionalProperties)}>>`;
  return type === "integer" ? "number" : (type ?? "unknown");
}

function tables(): string {
  const named = Object.entries(schema.types).filter(([, node]) => node.properties !== undefined);
  return [
    "<!-- Generated from schema.json by `npm run generate`. Do not edit. -->",
    "# Fields",
    ...Object.entries(schema.resources).flatMap(
      ([token, { inputProperties, requiredInputs, properties, required }]) => [
        `## ${nameOf(token)}: inputs`,
        table(inputProperties, requiredInputs),
        `## ${nameOf(token)}: outputs`,
        table(properties, required),
      ],
    ),
    ...Object.entries(schema.functions).flatMap(([token, { inputs, outputs }]) => [
      `## ${nameOf(token)}: arguments`,
      table(inputs.properties, inputs.required),
      `## ${nameOf(token)}: result`,
      table(outputs.properties, outputs.required),
    ]),
    "## Types",
    ...named.flatMap(([token, { properties = {}, required, description }]) => [
      `### ${nameOf(token)}`,
      description,
      table(properties, required),
    ]),
    ...Object.entries(schema.types).flatMap(([token, node]) =>
      node.enum === undefined ? [] : [`### ${nameOf(token)}`, node.description, node.enum.map(valueLine).join("\n")],
    ),
    "## Configuration",
    table(Object.fromEntries(Object.entries(schema.config.variables).map(([key, node]) => [`jobrun:${key}`, node]))),
  ].join("\n\n");
}

function valueLine({ value, description }: { value: string; description?: string }): string {
  return description === undefined ? `- \`${value}\`` : `- \`${value}\`: ${description}`;
}

function table(properties: Readonly<Record<string, Node>>, required: readonly string[] = []): string {
  const rows = Object.entries(properties).map(
    ([key, node]) =>
      `| \`${key}\` | ${linkTo(node)} | ${required.includes(key) ? "yes" : ""} | ${(node.description ?? "").replaceAll("|", "\\|")} |`,
  );
  return ["| name | type | always | meaning |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

function linkTo({ type, $ref, items, additionalProperties }: Node): string {
  if ($ref !== undefined)
    return $ref.startsWith("#/types/") ? `[${nameOf($ref)}](#${nameOf($ref).toLowerCase()})` : "any";
  if (items !== undefined) return `list of ${linkTo(items)}`;
  if (additionalProperties !== undefined) return `map of ${linkTo(additionalProperties)}`;
  return type ?? "any";
}
