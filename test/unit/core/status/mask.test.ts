import { maskSecrets, maskView } from "../../../../provider/core/status/mask";
import { toPodView } from "../../../../provider/core/status/views";
import { ended, pod } from "../../support/cluster";

test.each<[string, string, string[], string]>([
  ["stands there", "it is hunter2-x.", ["hunter2-x"], "it is [secret]."],
  ["stands there twice", "hunter2-x hunter2-x", ["hunter2-x"], "[secret] [secret]"],
  ["is one of several", "a=alpha1 b=beta22", ["alpha1", "beta22"], "a=[secret] b=[secret]"],
  ["contains another", "hunter2-x-long", ["hunter2-x", "hunter2-x-long"], "[secret]"],
  ["has several lines", "first line\nsecond line", ["first line\nsecond line"], "[secret]"],
  [
    "is printed line by line",
    "1: first line\n2: second line",
    ["first line\r\nsecond line\n"],
    "1: [secret]\n2: [secret]",
  ],
  ["has a line end that is not printed", "it is hunter2-x.", ["hunter2-x\n"], "it is [secret]."],
  ["is printed in base64", "it is aHVudGVyMi14", ["hunter2-x"], "it is [secret]"],
  ["is cut by the beginning", "ter2-very-secret was it", ["hunter2-very-secret"], "[secret] was it"],
  ["is cut by the end", "it was hunter2-very", ["hunter2-very-secret"], "it was [secret]"],
  ["is broken into lines", "it is hunt\ner2\r\n-x.", ["hunter2-x"], "it is [secret]."],
  ["is broken and holds signs", "a.*(b\n[c]$d", ["a.*(b[c]$d"], "[secret]"],
  ["is cut by the beginning and broken", "ter2-ve\nry-secret was it", ["hunter2-very-secret"], "[secret] was it"],
  ["is cut by the end and broken", "it was hunter2\n-very", ["hunter2-very-secret"], "it was [secret]"],
  ["is not there", "it was hunter3", ["hunter2"], "it was hunter3"],
  ["is empty", "it was", [""], "it was"],
  ["only begins like the end of the text", "a hunt", ["hunter2"], "a hunt"],
])("[U] a secret value that %s", (_title, text, values, masked) => {
  expect(maskSecrets(text, values)).toBe(masked);
});

describe("what is seen of a run", () => {
  const said = (message: string) => ({
    jobs: [],
    deployments: [],
    pods: [toPodView(pod(0, { state: ended(3, { message }), message: "hunter2-x of Kubernetes" }))],
  });

  test("[U] has the values masked in what its programs said, and nothing else changed", () => {
    expect(maskView(said("it is hunter2-x"), ["hunter2-x"])).toEqual(said("it is [secret]"));
  });

  test("[U] leaves out what its programs said when the values may not be read", () => {
    expect(JSON.stringify(maskView(said("it is hunter2-x"), undefined))).not.toContain("it is");
  });

  test("[U] is what it was without secrets", () => {
    const view = said("it is hunter2-x");
    expect(maskView(view, [])).toBe(view);
  });
});
