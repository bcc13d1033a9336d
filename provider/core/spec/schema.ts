import schemaFile from "../../../schema.json";

/** The keywords of a property in `schema.json` that are used here. */
export interface SchemaNode {
  readonly type?: string;
  readonly $ref?: string;
  readonly description?: string;
  readonly enum?: readonly { readonly value: string }[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
  readonly required?: readonly string[];
  readonly additionalProperties?: SchemaNode;
  readonly secret?: boolean;
  /** The rest of the sentence "must …". */
  readonly "x-must"?: string;
  /** The default, which SDKs must not fill in: on a run they would hide the job's value. */
  readonly "x-default"?: string | number;
  readonly [keyword: string]: unknown;
}

interface ResourceSchema {
  readonly inputProperties: Readonly<Record<string, SchemaNode>>;
  readonly requiredInputs?: readonly string[];
}

interface PackageSchema {
  readonly types: Readonly<Record<string, SchemaNode>>;
  readonly resources: Readonly<Record<ResourceToken, ResourceSchema>>;
}

export type ResourceToken = "jobrun:index:Job" | "jobrun:index:JobRun";

const packageSchema: PackageSchema = schemaFile;

/** The JSON Schema of a resource's inputs, from the Pulumi package schema. */
export function inputSchema(token: ResourceToken): object {
  const { inputProperties, requiredInputs = [] } = packageSchema.resources[token];
  return {
    $defs: mapValues(packageSchema.types, toJsonSchema),
    ...toJsonSchema({ type: "object", properties: inputProperties, required: requiredInputs }),
  };
}

/** The properties of a resource's inputs. */
export function inputProperties(token: ResourceToken): Readonly<Record<string, SchemaNode>> {
  return packageSchema.resources[token].inputProperties;
}

function toJsonSchema(node: SchemaNode): Record<string, unknown> {
  const { properties, items, $ref } = node;
  if ($ref !== undefined) return toReference($ref);
  if (node.enum !== undefined) return { type: node.type, enum: node.enum.map(({ value }) => value) };
  return {
    ...node,
    ...(properties && { properties: mapValues(properties, toJsonSchema), additionalProperties: false }),
    ...(items && { items: toJsonSchema(items) }),
    ...(node.additionalProperties && { additionalProperties: toJsonSchema(node.additionalProperties) }),
  };
}

function toReference($ref: string): Record<string, unknown> {
  const local = "#/types/";
  return $ref.startsWith(local) ? { $ref: `#/$defs/${$ref.slice(local.length)}` } : {};
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, map: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
