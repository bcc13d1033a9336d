import { hintFor, nearest } from "../../../../provider/core/spec/hints";

const names = ["image", "imagePullPolicy", "retryLimit", "env", "cpu", "maxExecutionTime"];

describe("the nearest name", () => {
  test.each([
    ["image", "image"],
    ["images", "image"],
    ["imgae", "image"],
    ["IMAGE", "image"],
    ["retrylimit", "retryLimit"],
    ["retry_limit", "retryLimit"],
    ["imagePullPolicies", "imagePullPolicy"],
    ["maxExecTime", "maxExecutionTime"],
    ["envs", "env"],
    ["CPU", "cpu"],
    ["cpus", "cpu"],
    // Too far, too long, or nothing to compare with.
    ["memory", undefined],
    ["timeout", undefined],
    ["", undefined],
    ["ä", undefined],
    ["x".repeat(41), undefined],
    ["retryLimit".padEnd(40, "x"), undefined],
  ])("[U] to `%s` is %s", (text, expected) => {
    expect(nearest(text, names)).toBe(expected);
  });

  test("[U] is none when there are no names", () => {
    expect(nearest("image", [])).toBeUndefined();
  });

  test("[U] keeps the spelling of the candidate", () => {
    expect(nearest("ifnotpresent", ["Always", "IfNotPresent", "Never"])).toBe("IfNotPresent");
  });

  test("[U] to a text of the longest length is still found", () => {
    expect(nearest("a".repeat(40), ["a".repeat(39)])).toBe("a".repeat(39));
  });
});

describe("a hint", () => {
  const meant = (...texts: string[]): string => `; did you mean ${texts.map((text) => `\`${text}\``).join(" or ")}?`;

  test.each([
    ["name", "dbMigrate", meant("dbmigrate")],
    ["name", "My Job!", meant("my-job")],
    ["name", "--a__b--", meant("a-b")],
    ["namespace", "Team_A", meant("team-a")],
    ["job", "Nightly", meant("nightly")],
    ["image", "https://reg.example/app:1", meant("reg.example/app:1")],
    ["image", "docker://busybox", meant("busybox")],
    ["image", "Reg/App:1", meant("reg/app:1")],
    ["cpu", "1 vCPU", meant("1")],
    ["cpu", "2 vcpus", meant("2")],
    ["cpu", "4cores", meant("4")],
    ["cpu", "500 m", meant("500m")],
    ["memory", "512m", meant("512M")],
    ["memory", "4 G", meant("4G")],
    ["memory", " 4G ", meant("4G")],
    ["memory", "4g", meant("4G")],
    ["memory", "4GB", meant("4G", "4Gi")],
    ["memory", "4gb", meant("4G", "4Gi")],
    ["memory", "1.5 GB", meant("1.5G", "1.5Gi")],
    ["memory", "64K", meant("64k")],
    ["memory", "64KB", meant("64k", "64Ki")],
    ["memory", "1024 b", meant("1024")],
    ["ephemeralStorage", "400m", meant("400M")],
    ["sizeLimit", "1gb", meant("1G", "1Gi")],
  ])("[U] for `%s` %j is%s", (property, value, expected) => {
    expect(hintFor(property, value)).toBe(expected);
  });

  test.each<[string, unknown]>([
    ["name", "already-right"],
    ["name", "äöü"],
    ["name", ""],
    ["name", 7],
    ["name", null],
    ["name", "A".repeat(201)],
    ["image", "${IMAGE}"],
    ["image", "a b"],
    ["image", ""],
    ["image", "https://"],
    ["cpu", "half"],
    ["cpu", ""],
    ["cpu", "1"],
    ["memory", "lots"],
    ["memory", ""],
    ["memory", "-1"],
    ["memory", "4X"],
    ["memory", { size: 1 }],
    ["command", "ls -l"],
    ["unheardOf", "x"],
  ])("[U] for `%s` %j is none", (property, value) => {
    expect(hintFor(property, value)).toBe("");
  });
});
