import { execFileSync } from "node:child_process";
import { commands } from "../../../../provider/doors/cli/commands";
import { completionScript } from "../../../../provider/doors/cli/completion";
import { FakeCluster } from "../../resources/fakeCluster";
import { jobrun } from "./support";

/** What bash offers behind these words; the last one is being written. */
function offered(...words: string[]): string[] {
  const line = ["jobrun", ...words].map((word) => `"${word}"`).join(" ");
  const script = `${completionScript("bash", commands)}\nCOMP_WORDS=(${line}); COMP_CWORD=${words.length}; _jobrun; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync("bash", ["-c", script], { encoding: "utf8" }).split("\n").filter(Boolean);
}

test.each([
  [["lo"], ["logs"]],
  [["res"], ["resubmit", "restart"]],
  [
    ["job", ""],
    ["list", "get", "delete"],
  ],
  [["job", "delete", "report", "--or"], ["--orphan-job-runs"]],
  [
    ["list", "--sta"],
    ["--status", "--stack-file"],
  ],
  [["logs", "a", "--fol"], ["--follow"]],
  [["list", "-o", "y"], ["yaml"]],
  [["completion", "z"], ["zsh"]],
])("[U] bash completes %j to %j", (words, choices) => {
  expect(offered(...words)).toEqual(choices);
});

test("[U] fish and zsh are told of every command and its options", () => {
  for (const { words, options } of commands) {
    const last = words.split(" ").at(-1) ?? "";
    expect(completionScript("fish", commands)).toMatch(new RegExp(`-a ${last} -d '`));
    for (const option of options) expect(completionScript("fish", commands)).toContain(`-l ${option} `);
  }
  expect(completionScript("zsh", commands)).toContain(completionScript("bash", commands));
});

test("[U] completion asks no cluster for anything, and knows which shells there are", async () => {
  const cluster = new FakeCluster();
  expect(await jobrun(cluster, "completion bash")).toEqual({
    code: 0,
    out: completionScript("bash", commands),
    err: "",
  });
  expect(await jobrun(cluster, "completion tcsh")).toMatchObject({
    code: 64,
    err: expect.stringContaining("bash, zsh, fish"),
  });
  expect(cluster.calls).toEqual([]);
});
