import { autoName, definitionName, fitName, indexName, recordName } from "../../../../provider/core/kube/names";

describe("names from logical names", () => {
  test.each([
    ["nightly", /^nightly-[a-z0-9]{7}$/],
    ["Nightly Report", /^nightly-report-[a-z0-9]{7}$/],
    ["my_job.v2", /^my-job-v2-[a-z0-9]{7}$/],
    ["--x--", /^x-[a-z0-9]{7}$/],
    ["7", /^7-[a-z0-9]{7}$/],
    ["Übung", /^bung-[a-z0-9]{7}$/],
    ["", /^r[a-z0-9]{7}$/],
    ["夜間", /^r[a-z0-9]{7}$/],
    ["💥", /^r[a-z0-9]{7}$/],
  ])("[U] %j becomes %s", (logicalName, form) => {
    expect(autoName(logicalName, "urn", 63)).toMatch(form);
  });

  test("[U] a long one is cut to the limit and keeps its hash", () => {
    expect(autoName("x".repeat(200), "urn", 53)).toMatch(/^x{45}-[a-z0-9]{7}$/);
  });

  test("[U] no hyphen is doubled where the cut meets one", () => {
    expect(autoName(`${"x".repeat(44)}-${"y".repeat(20)}`, "urn", 53)).toMatch(/^x{44}-[a-z0-9]{7}$/);
  });

  test("[U] the same identity gives the same name, another one another", () => {
    expect(autoName("a", { urn: 1, shape: 2 }, 63)).toBe(autoName("a", { shape: 2, urn: 1 }, 63));
    expect(autoName("a", { urn: 1 }, 63)).not.toBe(autoName("a", { urn: 2 }, 63));
  });

  test("[U] the hash holds no vowels, so that no words arise", () => {
    const hashes = Array.from({ length: 500 }, (_, i) => autoName("x", i, 63).slice(2));
    expect(hashes.filter((hash) => /[aeiouy]/.test(hash))).toEqual([]);
  });
});

describe("names of objects", () => {
  test("[U] a name that fits stays", () => {
    expect(fitName("a".repeat(63), 63)).toBe("a".repeat(63));
  });

  test("[U] a longer one is cut, and differs from all that begin alike", () => {
    const [one, two] = [fitName(`${"a".repeat(70)}1`, 63), fitName(`${"a".repeat(70)}2`, 63)];
    expect(one).toMatch(/^a{55}-[a-z0-9]{7}$/);
    expect(two).toMatch(/^a{55}-[a-z0-9]{7}$/);
    expect(one).not.toBe(two);
  });

  test("[U] the largest index fits behind the longest run name", () => {
    expect(indexName("r".repeat(53), 9_999_999)).toHaveLength(61);
  });

  test("[U] records and definitions cannot be taken for one another or for a run's own objects", () => {
    const names = [definitionName("a"), recordName("a"), indexName("a", 1)];
    expect(names).toEqual(["a.job", "a.jobrun", "a-1"]);
  });
});
