import { engineAddress } from "../../../provider/doors/engine";
import { stackSettings } from "../../../provider/doors/settings";

const settings = (config: Readonly<Record<string, string>>) => stackSettings((key) => config[key]);

test.each([
  ["nothing", {}, {}],
  [
    "our own keys",
    { "jobrun:kubeconfig": "k", "jobrun:context": "c", "jobrun:namespace": "n" },
    { kubeconfig: "k", context: "c", namespace: "n" },
  ],
  [
    "those of Pulumi's Kubernetes provider",
    { "kubernetes:kubeconfig": "k", "kubernetes:context": "c", "kubernetes:namespace": "n" },
    { kubeconfig: "k", context: "c", namespace: "n" },
  ],
  ["ours before theirs", { "jobrun:namespace": "ours", "kubernetes:namespace": "theirs" }, { namespace: "ours" }],
  ["each key on its own", { "jobrun:namespace": "n", "kubernetes:context": "c" }, { namespace: "n", context: "c" }],
  [
    "the image that holds a daemon's pod",
    { "jobrun:keepAliveImage": "mirror/pause" },
    { keepAliveImage: "mirror/pause" },
  ],
  ["an image under a key that is not ours", { "kubernetes:keepAliveImage": "x" }, {}],
  [
    "Code Engine's own variables",
    { "jobrun:ceRegion": "eu-de", "jobrun:ceProjectId": "p1", "jobrun:ceDomain": "" },
    { platform: { CE_REGION: "eu-de", CE_PROJECT_ID: "p1" } },
  ],
  ["empty values as none", { "jobrun:namespace": "", "kubernetes:context": "" }, {}],
])("[U] the stack's settings: %s", (_title, config, expected) => {
  expect(settings(config)).toStrictEqual(expected);
});

test.each([
  ["nothing", [], undefined],
  ["the address alone", ["127.0.0.1:4000"], "127.0.0.1:4000"],
  ["flags before it", ["--logtostderr", "-v=9", "127.0.0.1:4000"], "127.0.0.1:4000"],
  ["a flag with a value of its own", ["--tracing", "http://tracer", "127.0.0.1:4000"], "127.0.0.1:4000"],
  ["that flag after it", ["127.0.0.1:4000", "--tracing", "http://tracer"], "127.0.0.1:4000"],
  ["flags alone", ["--logtostderr", "--tracing", "http://tracer"], undefined],
])("[U] the engine's address in the host's arguments: %s", (_title, args, expected) => {
  expect(engineAddress(args)).toBe(expected);
});
