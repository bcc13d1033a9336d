import fc from "fast-check";
import { shortHash, stableJson } from "../../provider/core/kube/hash";
import { autoName, fitName } from "../../provider/core/kube/names";
import { anyText } from "./arbitraries";

const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

test("[P] a name made of any text at all is a DNS label within its limit", () => {
  fc.assert(
    fc.property(anyText, fc.jsonValue(), fc.integer({ min: 9, max: 63 }), (text, identity, limit) => {
      const name = autoName(text, identity, limit);
      expect(name).toMatch(label);
      expect(name.length).toBeLessThanOrEqual(limit);
    }),
  );
});

test("[P] equal identities make equal names, different ones different names", () => {
  fc.assert(
    fc.property(anyText, fc.jsonValue(), fc.jsonValue(), (text, one, two) => {
      const same = stableJson(one) === stableJson(two);
      expect(autoName(text, one, 53) === autoName(text, two, 53)).toBe(same);
      expect(autoName(text, structuredClone(one), 53)).toBe(autoName(text, one, 53));
    }),
  );
});

test("[P] a DNS label of any length is fitted to one, and two of them to two", () => {
  const names = fc.stringMatching(/^[a-z0-9][-a-z0-9]{0,98}[a-z0-9]$/);
  fc.assert(
    fc.property(names, names, (one, two) => {
      expect(fitName(one, 63)).toMatch(label);
      expect(fitName(one, 63).length).toBeLessThanOrEqual(63);
      expect(fitName(one, 63) === fitName(two, 63)).toBe(one === two);
    }),
  );
});

test("[P] the order of keys never matters to a hash", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (object) => {
      const reversed = Object.fromEntries(Object.entries(object).toReversed());
      expect(stableJson(reversed)).toBe(stableJson(object));
      expect(shortHash(reversed, 7)).toBe(shortHash(object, 7));
    }),
  );
});
