/** When a token ends, where it is one that says so (a JWT). */
export function expiryOf(token: string): Date | undefined {
  const [, payload = ""] = token.split(".");
  try {
    const { exp } = JSON.parse(Buffer.from(payload, "base64url").toString()) as { exp?: unknown };
    return typeof exp === "number" ? new Date(exp * 1_000) : undefined;
  } catch {
    // Any other kind of token.
    return undefined;
  }
}
