import fc from "fast-check";
import { maskSecrets } from "../../provider/core/status/mask";

const value = fc.string({ minLength: 6, maxLength: 40 }).filter((text) => text.trim().length >= 6);

test("[P] nothing of a secret value is left in any text, wherever it stands", () => {
  fc.assert(
    fc.property(fc.string(), value, fc.string(), (before, secret, after) => {
      // What is masked must not become the value again by what stands beside it.
      fc.pre(!`${before}[secret]${after}`.includes(secret));
      expect(maskSecrets(before + secret + after, [secret])).not.toContain(secret);
    }),
  );
});

const plain = fc.stringMatching(/^[a-z0-9]{8,40}$/);

test("[P] a secret value that is broken into lines is masked wherever it is broken", () => {
  fc.assert(
    fc.property(plain, fc.infiniteStream(fc.boolean()), (secret, breaks) => {
      const printed = Array.from(secret, (character) => (breaks.next().value ? `${character}\n` : character)).join("");
      expect(maskSecrets(`= ${printed} =`, [secret]).replaceAll("\n", "")).toBe("= [secret] =");
    }),
  );
});

test("[P] a tail that begins or ends within a secret value shows no long piece of it", () => {
  fc.assert(
    fc.property(plain, fc.nat(40), fc.boolean(), (secret, at, wraps) => {
      const cut = Math.min(at, secret.length);
      const printed = (text: string): string => (wraps ? text.replaceAll(/(.{5})/g, "$1\n") : text);
      const masked = maskSecrets(`${printed(secret.slice(cut))} - ${printed(secret.slice(0, cut))}`, [secret]);
      const shown = masked.replaceAll("[secret]", "|").replaceAll("\n", "").split(/[| ]/);
      for (const piece of shown) expect(secret.includes(piece) && piece.length >= 6).toBe(false);
    }),
  );
});
