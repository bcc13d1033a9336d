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
