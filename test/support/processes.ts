import { readdirSync, readFileSync } from "node:fs";

/** What a process has started and what these have, with their command lines. */
export function descendants(pid: number): { readonly pid: number; readonly command: string }[] {
  return children(pid).flatMap((child) => [
    { pid: child, command: readFileSync(`/proc/${child}/cmdline`, "utf8").replaceAll("\0", " ").trim() },
    ...descendants(child),
  ]);
}

function children(pid: number): number[] {
  const threads = readdirSync(`/proc/${pid}/task`);
  const lists = threads.map((thread) => readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8"));
  return lists.join(" ").split(" ").filter(Boolean).map(Number);
}
