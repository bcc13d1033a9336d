/** Jest's reporter of the faults: a table of scenario, shape and door, and how many points of a crash were met. */
"use strict";
const { mkdtempSync, readFileSync, rmSync, writeFileSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");

/** What is played elsewhere, or not at all, and why. */
const elsewhere = require("./elsewhere.json");
const shapes = ["task contiguous", "task sparse", "daemon"];
const pad = (cells) =>
  cells
    .map((cell, i) => cell.padEnd([5, 18, 10, 0][i]))
    .join(" ")
    .trimEnd();

module.exports = class FaultReport {
  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), "jobrun-faults-"));
    this.points = join(this.folder, "points");
    writeFileSync(this.points, "");
    // The processes of the tests inherit it.
    process.env.JOBRUN_FAULT_POINTS = this.points;
  }

  onRunComplete(_contexts, { testResults }) {
    const rows = new Map();
    for (const { fullName, status } of testResults.flatMap((file) => file.testResults)) {
      const [, scenario] = /\[(F\d+)\]/.exec(fullName) ?? [];
      const [shape, door] = fullName.split(" | ").slice(-2);
      if (scenario === undefined || status === "pending") continue;
      for (const of of shape === "all shapes" ? shapes : [shape]) {
        const key = [scenario, of, door].join("\t");
        const { passed = 0, failed = 0 } = rows.get(key) ?? {};
        rows.set(key, { passed: passed + (status === "passed"), failed: failed + (status === "failed") });
      }
    }
    const number = (key) => Number(/\d+/.exec(key)[0]);
    const lines = [...rows].map(([key, { passed, failed }]) => [
      ...key.split("\t"),
      failed === 0 ? `ok (${passed})` : `FAILED (${failed} of ${passed + failed})`,
    ]);
    const others = Object.entries(elsewhere).flatMap(([scenario, words]) =>
      words.map((each) => [scenario, "", "", each]),
    );
    const all = [...lines, ...others].toSorted((a, b) => number(a[0]) - number(b[0]));
    const met = readFileSync(this.points, "utf8")
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line).points);
    rmSync(this.folder, { recursive: true });
    process.stdout.write(`\n${all.map(pad).join("\n")}\n${met.reduce((sum, count) => sum + count, 0)} crash points\n`);
  }
};
