import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/**
 * Packs the plugin as Pulumi's engine fetches it from a `pluginDownloadURL`: `npm run plugin:pack -- FOLDER`.
 * All archives hold the same: Node, which the machine must have, is what differs between platforms.
 */

const platforms = ["linux-amd64", "linux-arm64", "darwin-amd64", "darwin-arm64"];

/** What the engine starts, at the root of the archive. */
const STARTER = `#!/bin/sh
exec "$(dirname "$0")/package/provider/bin/pulumi-resource-jobrun" "$@"
`;

const folder = resolve(process.argv[2] ?? "release");
const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
const work = mkdtempSync(join(tmpdir(), "pulumi-resource-jobrun-"));
packInto(work);
mkdirSync(folder, { recursive: true });
const [first, ...others] = platforms.map((platform) => join(folder, archiveOf(platform)));
if (first === undefined) throw new Error("there is no platform");
execFileSync("tar", ["--create", "--gzip", "--file", first, "--directory", work, "package", "pulumi-resource-jobrun"]);
for (const other of others) copyFileSync(first, other);
rmSync(work, { recursive: true });
console.log([first, ...others].join("\n"));

/** The names that the engine looks for. */
function archiveOf(platform: string): string {
  return `pulumi-resource-jobrun-v${version}-${platform}.tar.gz`;
}

/** The packed package with exactly the dependencies of the lockfile. */
function packInto(place: string): void {
  const packed = execFileSync("npm", ["pack", "--silent", "--pack-destination", place], { encoding: "utf8" }).trim();
  execFileSync("tar", ["--extract", "--file", join(place, packed), "--directory", place]);
  const root = join(place, "package");
  cpSync("package-lock.json", join(root, "package-lock.json"));
  const install = ["ci", "--omit=dev", "--workspaces=false", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"];
  execFileSync("npm", install, { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  rmSync(join(root, "package-lock.json"));
  rmSync(join(place, packed));
  const starter = join(place, "pulumi-resource-jobrun");
  writeFileSync(starter, STARTER);
  chmodSync(starter, 0o755);
}
