import schemaFile from "../../../schema.json";

/** The keywords of a property in `schema.json` that are used here. */
export interface SchemaNode {
  readonly type?: string;
  readonly $ref?: string;
  readonly enum?: readonly { readonly value: string }[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
  readonly required?: readonly string[];
  /** Required of the user, but not by the types: Kubernetes' own types leave it open. */
  readonly "x-required"?: readonly string[];
  readonly additionalProperties?: SchemaNode;
  /** The rest of the sentence "must …". */
  readonly "x-must"?: string;
  /** The default, which SDKs must not fill in: on a run it would hide the job's value. */
  readonly "x-default"?: string | number | boolean;
  readonly [keyword: string]: unknown;
}

interface ResourceSchema {
  readonly inputProperties: Readonly<Record<string, SchemaNode>>;
  readonly requiredInputs?: readonly string[];
  readonly properties: Readonly<Record<string, SchemaNode>>;
}

interface Members {
  readonly properties: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
}

interface PackageSchema {
  readonly types: Readonly<Record<string, SchemaNode>>;
  readonly resources: Readonly<Record<ResourceToken, ResourceSchema>>;
  readonly functions: Readonly<Record<FunctionToken, { readonly inputs: Members }>>;
  readonly config: { readonly variables: Readonly<Record<string, SchemaNode>> };
}

export type ResourceToken = "jobrun:index:Job" | "jobrun:index:JobRun";
export type FunctionToken = "jobrun:index:getJob" | "jobrun:index:getJobRun" | "jobrun:index:getJobRunLogs";
/** Whatever takes inputs; `jobrun:config` is the configuration of the provider. */
export type Token = ResourceToken | FunctionToken | "jobrun:config";

const packageSchema: PackageSchema = schemaFile;

/** What may be given, and what must be. */
function inputsOf(token: Token): Required<Members> {
  if (token === "jobrun:config") return { properties: packageSchema.config.variables, required: [] };
  if (isFunction(token)) return { required: [], ...packageSchema.functions[token].inputs };
  const { inputProperties, requiredInputs = [] } = packageSchema.resources[token];
  return { properties: inputProperties, required: requiredInputs };
}

const isFunction = (token: Token): token is FunctionToken => token in packageSchema.functions;

/** The JSON Schema of the inputs, from the Pulumi package schema. */
export function inputSchema(token: Token): object {
  const schema = toJsonSchema({ type: "object", ...inputsOf(token) });
  const properties = schema["properties"] as Record<string, unknown>;
  // The definition of a job, passed along with its run, is held to what holds for the job.
  if ("jobDefinition" in properties) properties["jobDefinition"] = definitionSchema();
  return schema;
}

/** The JSON Schema of the named types, which those of the inputs refer to. */
export function typesSchema(): object {
  return { $id: "types", $defs: mapValues(packageSchema.types, toJsonSchema) };
}

function definitionSchema(): object {
  return toJsonSchema({ type: "object", ...inputsOf("jobrun:index:Job") });
}

/** The names of a resource's outputs. */
export function outputNames(token: ResourceToken): string[] {
  return Object.keys(packageSchema.resources[token].properties);
}

/** The default of an input, wherever it stands. */
export function defaultOf(property: string): string | number | boolean | undefined {
  const { [`jobrun:index:JobRun`]: run, [`jobrun:index:Job`]: job } = packageSchema.resources;
  return (run.inputProperties[property] ?? job.inputProperties[property])?.["x-default"];
}

/** The default of a field of a named type. */
export function typeDefault(type: string, field: string): string | number | boolean | undefined {
  return packageSchema.types[`jobrun:index:${type}`]?.properties?.[field]?.["x-default"];
}

/** The names of the properties where the path leads, for help with a misspelt one. */
export function propertiesAt(token: Token, steps: readonly string[]): string[] {
  let node: SchemaNode | undefined = { properties: inputsOf(token).properties };
  for (const step of steps) {
    const next: SchemaNode | undefined = node?.properties?.[step] ?? node?.items;
    node = next?.$ref === undefined ? next : packageSchema.types[next.$ref.slice(TYPES.length)];
  }
  return Object.keys(node?.properties ?? {});
}

const TYPES = "#/types/";

function toJsonSchema({ description: _, ...node }: SchemaNode): Record<string, unknown> {
  const { properties, items, $ref, additionalProperties } = node;
  if ($ref !== undefined) return $ref.startsWith(TYPES) ? { $ref: `types#/$defs/${$ref.slice(TYPES.length)}` } : {};
  if (node.enum !== undefined) return { type: node.type, enum: node.enum.map(({ value }) => value) };
  return {
    ...node,
    required: [...(node.required ?? []), ...(node["x-required"] ?? [])],
    ...(properties && { properties: mapValues(properties, toJsonSchema), additionalProperties: false }),
    ...(items && { items: toJsonSchema(items) }),
    ...(additionalProperties && { additionalProperties: toJsonSchema(additionalProperties) }),
  };
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, map: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
