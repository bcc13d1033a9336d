import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { isAbsolute, join } from "node:path";

/** Runs every check and every test, says which failed, and ends with the sum on a line of its own. */

interface Counts {
  readonly passed: number;
  readonly failed: number;
}

const checks = ["lint", "format:check", "typecheck", "imports", "unused", "generate:check", "sdks:check"];
const suites = ["unit", "property", "model", "contract", "faults", "e2e"];

/** These share the one node of the test cluster, and a file of them may fail for want of it while the others work. */
const sharing = ["faults", "e2e"];
/** More failing files are no want of time. */
const MOST_AGAIN = 3;

const scratch = mkdtempSync(join(tmpdir(), "pulumi-jobrun-"));
const counts = [...checks.map(check), ...suites.map(suite)];
rmSync(scratch, { recursive: true });
const total = sumOf(counts);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;

function check(name: string): Counts {
  console.log(`\n— ${name}`);
  const { status } = spawnSync("npm", ["run", "--silent", name], { stdio: "inherit" });
  return status === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** A file that failed beside others is played once more, alone, and that is said: what fails then as well has failed. */
function suite(name: string): Counts {
  console.log(`\n— ${name}`);
  const files = play(name);
  const failed = files.filter((file) => file.failed > 0);
  const areFiles = failed.length > 0 && failed.every(({ path }) => isAbsolute(path));
  if (!sharing.includes(name) || !areFiles || failed.length > MOST_AGAIN) return sumOf(files);
  console.log(`\n— ${name}, once more and alone, what failed beside the others`);
  const again = play(name, failed);
  // What was not played again has failed still.
  if (again.length < failed.length) return sumOf(files);
  return sumOf([...files.filter((file) => file.failed === 0), ...again]);
}

interface File extends Counts {
  readonly path: string;
}

/** Plays a suite, or these files of it one after the other. */
function play(name: string, files: readonly File[] = []): File[] {
  const report = join(scratch, `${name}.json`);
  rmSync(report, { force: true });
  const some = files.length > 0 ? ["--runInBand", "--runTestsByPath", ...files.map(({ path }) => path)] : [];
  spawnSync("jest", [...some, "--selectProjects", name, "--json", "--outputFile", report], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  return filesIn(report) ?? [{ path: name, passed: 0, failed: 1 }];
}

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

/** A file that cannot even be loaded counts as one failure; so does a suite that wrote no report. */
function filesIn(report: string): File[] | undefined {
  try {
    const { testResults } = JSON.parse(readFileSync(report, "utf8")) as Report;
    return testResults.map(({ name, status, assertionResults }) => {
      const count = (of: string): number => assertionResults.filter((each) => each.status === of).length;
      const failed = count("failed");
      return { path: name, passed: count("passed"), failed: status === "failed" ? Math.max(1, failed) : failed };
    });
  } catch {
    return undefined;
  }
}

function sumOf(all: readonly Counts[]): Counts {
  return all.reduce((a, b) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed }), { passed: 0, failed: 0 });
}
