/**
 * What the API server warns of beside an answer, in the header `Warning`: Pod Security, deprecated and odd fields.
 * Each is a code, an agent, and a text in quotes (RFC 7234), such as `299 - "would violate PodSecurity \"restricted:latest\""`.
 */
export function warningsOf(header: string | string[] | undefined): string[] {
  const texts = [header ?? []].flat().flatMap((line) => [...line.matchAll(/\d{3} \S+ "((?:[^"\\]|\\.)*)"/g)]);
  return texts.map(([, text = ""]) => text.replaceAll(/\\(.)/g, "$1"));
}
