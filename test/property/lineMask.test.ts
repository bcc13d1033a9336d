import fc from "fast-check";
import { lineMask } from "../../provider/core/status/lineMask";
import { lineCutter, printLines } from "../../provider/core/status/logLines";
import { maskSecrets } from "../../provider/core/status/mask";

const plain = fc.stringMatching(/^[a-z0-9]{8,40}$/);
const noise = fc.stringMatching(/^[A-Z \n]{0,60}$/);

/** The text in pieces of these lengths, through the cutter and the mask. */
function streamed(text: string, lengths: Iterator<number>, secrets: readonly string[]): string {
  const [cutter, mask] = [lineCutter(false), lineMask(secrets)];
  let shown = "";
  for (let at = 0; at < text.length;) {
    const length = Number(lengths.next().value);
    shown += printLines(mask.push(cutter.push(text.slice(at, at + length))), { timestamps: false });
    at += length;
  }
  const last = [...mask.push(cutter.rest()), ...mask.rest()];
  return shown + printLines(last, { timestamps: false });
}

const pieces = fc.infiniteStream(fc.integer({ min: 1, max: 20 }));
const complete = (text: string): string => (text === "" || text.endsWith("\n") ? text : `${text}\n`);

test("[P] a text without any secret value comes through in whatever pieces as it is", () => {
  fc.assert(
    fc.property(noise, pieces, plain, (text, lengths, secret) => {
      expect(streamed(text, lengths, [])).toBe(complete(text));
      expect(streamed(text, lengths, [secret])).toBe(complete(text));
    }),
  );
});

test("[P] a secret value in one line is masked in whatever pieces it comes, as in the whole text", () => {
  fc.assert(
    fc.property(noise, plain, noise, pieces, (before, secret, after, lengths) => {
      const text = `${before}${secret}${after}`;
      expect(streamed(text, lengths, [secret])).toBe(complete(maskSecrets(text, [secret])));
    }),
  );
});

test("[P] two secret values in a row, the second of which is cut off, are masked wherever they are broken", () => {
  fc.assert(
    fc.property(plain, plain, fc.infiniteStream(fc.boolean()), pieces, (one, other, breaks, lengths) => {
      const text = `= ${one}=${other.slice(0, -1)}`;
      const printed = Array.from(text, (character) => (breaks.next().value ? `${character}\n` : character)).join("");
      const shown = streamed(printed, lengths, [one, other]).replaceAll("\n", "");
      expect(shown).not.toContain(one.slice(-6));
      expect(shown).not.toContain(other.slice(0, 6));
    }),
  );
});

test("[P] of a secret value that is broken into lines no long piece is shown, wherever it is broken and in whatever pieces it comes", () => {
  fc.assert(
    fc.property(
      noise,
      plain,
      fc.infiniteStream(fc.boolean()),
      noise,
      pieces,
      (before, secret, breaks, after, lengths) => {
        const printed = Array.from(secret, (character) => (breaks.next().value ? `${character}\n` : character)).join(
          "",
        );
        const shown = streamed(`${before}${printed}${after}`, lengths, [secret]);
        const left = shown
          .replaceAll("[secret]", "|")
          .replaceAll("\n", "")
          .split(/[|A-Z ]/);
        for (const piece of left) expect(piece.length).toBeLessThan(6);
      },
    ),
  );
});
