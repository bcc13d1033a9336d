import { spawn } from "node:child_process";
import { bed } from "./bed";
import { until } from "./kubectl";

/** What happened to an object. Versions of all objects of a cluster are of one sequence. */
export interface WatchEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly version: number;
}

export interface Watch {
  readonly events: readonly WatchEvent[];
  readonly stop: () => void;
}

/** Lists what happens to the objects of that kind from now on; those that are there come first, as `ADDED`. */
export async function watch(namespace: string, kind: string, selector: string): Promise<Watch> {
  const { kubectl, kubeconfig, context } = bed();
  const fields = [
    "type",
    "object.kind",
    "object.metadata.name",
    "object.metadata.uid",
    "object.metadata.resourceVersion",
  ];
  const line = `${fields.map((field) => `{.${field}}`).join(" ")}{"\\n"}`;
  const child = spawn(kubectl, [
    ...["--kubeconfig", kubeconfig, "--context", context, "get", kind, "--namespace", namespace],
    ...["--selector", selector, "--watch", "--output-watch-events", "--output", `jsonpath=${line}`],
  ]);
  const events: WatchEvent[] = [];
  let text = "";
  child.stdout.on("data", (data: Buffer) => {
    text += data.toString();
    const lines = text.split("\n");
    text = lines.pop() ?? "";
    for (const [type, kindOf = "", name = "", uid = "", version = ""] of lines.map((each) => each.split(" ")))
      events.push({ type: type as WatchEvent["type"], kind: kindOf, name, uid, version: Number(version) });
  });
  await until(() => Promise.resolve(events.length > 0));
  return { events, stop: () => void child.kill() };
}
