import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureCgroup, processesIn } from "../../cluster/cgroups.ts";
import type { Settings } from "../../cluster/settings.ts";

const settings = { cgroup: "/bed" } as Settings;
let tree: string;

beforeEach(() => {
  tree = mkdtempSync(join(tmpdir(), "cgroups-"));
});

afterEach(() => rmSync(tree, { recursive: true }));

test("version 2: one tree, whose controllers are passed on", () => {
  writeFileSync(join(tree, "cgroup.controllers"), "cpuset cpu memory pids\n");
  ensureCgroup(settings, tree);
  expect(existsSync(join(tree, "bed"))).toBe(true);
  const passedOn = readFileSync(join(tree, "cgroup.subtree_control"), "utf8");
  expect(passedOn).toBe("+cpuset +cpu +memory +pids");
});

test("version 1: a cgroup in every hierarchy, and none beside them", () => {
  for (const controller of ["cpu", "memory"]) hierarchy(controller);
  mkdirSync(join(tree, "not-a-hierarchy"));
  ensureCgroup(settings, tree);
  expect(existsSync(join(tree, "cpu", "bed"))).toBe(true);
  expect(existsSync(join(tree, "memory", "bed"))).toBe(true);
  expect(existsSync(join(tree, "not-a-hierarchy", "bed"))).toBe(false);
});

test("processes are those of the cgroup and of all below it, each once", () => {
  for (const controller of ["cpu", "memory"]) {
    hierarchy(controller);
    mkdirSync(join(tree, controller, "bed", "pod"), { recursive: true });
    writeFileSync(join(tree, controller, "bed", "cgroup.procs"), "");
    writeFileSync(join(tree, controller, "bed", "pod", "cgroup.procs"), "7\n8\n");
  }
  expect(processesIn(settings, tree)).toEqual([7, 8]);
});

function hierarchy(controller: string): void {
  mkdirSync(join(tree, controller));
  writeFileSync(join(tree, controller, "cgroup.procs"), "1\n");
}
