import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Runs every check and every test, says which failed, and ends with the sum on a line of its own. */

interface Counts {
  readonly passed: number;
  readonly failed: number;
}

const checks = ["lint", "format:check", "typecheck", "imports", "unused", "generate:check", "sdks:check"];
const suites = ["unit", "property", "model", "contract", "faults", "e2e"];

const scratch = mkdtempSync(join(tmpdir(), "pulumi-jobrun-"));
const counts = [...checks.map(check), ...suites.map(suite)];
rmSync(scratch, { recursive: true });
const total = counts.reduce((a, b) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed }));
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;

function check(name: string): Counts {
  console.log(`\n— ${name}`);
  const { status } = spawnSync("npm", ["run", "--silent", name], { stdio: "inherit" });
  return status === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

function suite(name: string): Counts {
  console.log(`\n— ${name}`);
  const report = join(scratch, `${name}.json`);
  const { status } = spawnSync("jest", ["--selectProjects", name, "--json", "--outputFile", report], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  return countsOf(report) ?? { passed: 0, failed: status === 0 ? 0 : 1 };
}

/** A test file that cannot even be loaded counts as one failure; so does a suite that wrote no report. */
function countsOf(report: string): Counts | undefined {
  try {
    const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(
      readFileSync(report, "utf8"),
    ) as Record<string, number>;
    return { passed: numPassedTests ?? 0, failed: (numFailedTests ?? 0) + (numRuntimeErrorTestSuites ?? 0) };
  } catch {
    return undefined;
  }
}
