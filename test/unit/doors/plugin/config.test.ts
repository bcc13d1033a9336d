import { changedSettings, failuresOf, settingsOf } from "../../../../provider/doors/plugin/config";
import { unknown } from "../../../unit/support/unknowns";

test.each([
  ["nothing", {}, {}],
  [
    "all that there is",
    { kubeconfig: "k", context: "c", namespace: "n", keepAliveImage: "i" },
    { kubeconfig: "k", context: "c", namespace: "n", keepAliveImage: "i" },
  ],
  ["a flag as the stack's configuration writes it", { strict: "true" }, { strict: true }],
  ["a flag as a program writes it", { strict: true }, { strict: true }],
  ["a flag that is off", { strict: "false" }, {}],
  ["empty texts and nulls as none", { context: "", namespace: null }, {}],
  [
    "Code Engine's variables",
    { ceDomain: "d", ceApiBaseUrl: "u" },
    { platform: { CE_DOMAIN: "d", CE_API_BASE_URL: "u" } },
  ],
  ["what is not known yet", { kubeconfig: unknown.string }, { kubeconfig: unknown.string }],
  ["nothing of Pulumi's own", { version: "1.0.0" }, {}],
])("[U] the provider's settings: %s", (_title, config, expected) => {
  expect(settingsOf(config)).toStrictEqual(expected);
});

test.each([
  [
    "what is right",
    { strict: "true", namespace: "jobs", version: "1.0.0", pluginDownloadURL: "u", __internal: {} },
    [],
  ],
  ["what is not known yet", { namespace: unknown.string, strict: unknown.boolean }, []],
  [
    "a misspelt key",
    { strcit: "true" },
    ["strcit must not be given: there is no property `strcit` here; did you mean `strict`?"],
  ],
  ["a flag that is none", { strict: "yes" }, ['strict must be a boolean, got "yes"']],
  [
    "all faults at once",
    { namespace: 7, contxt: "c" },
    [
      "contxt must not be given: there is no property `contxt` here; did you mean `context`?",
      "namespace must be a string, got 7",
    ],
  ],
])("[U] the faults of the provider's configuration: %s", (_title, config, expected) => {
  expect(
    failuresOf(config)
      .map(({ property, reason }) => `${property} ${reason}`)
      .toSorted(),
  ).toEqual(expected);
});

test("[U] the settings that differ are named; Pulumi's own are not", () => {
  expect(
    changedSettings({ context: "a", namespace: "n", version: "1" }, { context: "b", strict: "true", version: "2" }),
  ).toEqual(["context", "namespace", "strict"]);
});
