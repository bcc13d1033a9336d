/** Where a resource is, from its id, as a user writes it for an import. */
export function readId(id: string): { namespace: string; name: string } {
  const [namespace, name, ...more] = id.split("/");
  if (namespace && name && more.length === 0) return { namespace, name };
  throw new Error(`id must be \`namespace/name\`, got ${JSON.stringify(id)}`);
}
