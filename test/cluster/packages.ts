import { existsSync, readFileSync } from "node:fs";
import { findProgram, run } from "./command.ts";

const DEBIAN_CNI = "/usr/lib/cni";
const CNI_FOLDERS = [DEBIAN_CNI, "/opt/cni/bin", "/usr/libexec/cni"];
const BUSYBOX = "/bin/busybox";
const HEAD_BYTES = 4096;

const packages = [
  { name: "runc", isThere: () => findProgram("runc") !== undefined },
  {
    name: "containernetworking-plugins",
    isThere: () => CNI_FOLDERS.some((folder) => existsSync(`${folder}/bridge`)),
  },
  {
    name: "busybox-static",
    isThere: () => existsSync(BUSYBOX) && isStatic(BUSYBOX),
  },
];

/** Where the network plugins are; Debian has a folder of its own. */
export function cniFolder(): string {
  return CNI_FOLDERS.find((folder) => existsSync(`${folder}/bridge`)) ?? DEBIAN_CNI;
}

/** Installs the system packages that are missing, or names them in one sentence. */
export async function ensurePackages(): Promise<void> {
  const names = packages.filter(({ isThere }) => !isThere()).map(({ name }) => name);
  if (names.length === 0) return;
  if (findProgram("apt-get") === undefined) {
    throw new Error(`the cluster needs ${names.join(", ")} (Debian's names): install what your system calls them`);
  }
  await install(names);
}

/** Python 3 with what makes virtual environments, which Debian has in a package of its own. */
export async function ensurePython(): Promise<void> {
  const whole = await run(["python3", "-c", "import ensurepip, venv"]).then(
    () => true,
    () => false,
  );
  if (whole) return;
  if (findProgram("apt-get") === undefined) {
    throw new Error("the tests of the SDK for Python need python3 and its module venv: install them");
  }
  await install(["python3-venv"]);
}

// The lists of packages are fetched only when the first try shows that they are missing or old.
async function install(names: string[]): Promise<void> {
  console.error(`installing ${names.join(", ")} with apt-get`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const command = ["apt-get", "install", "--yes", "--no-install-recommends", ...names];
  try {
    await run(command, { env });
  } catch (error) {
    console.error(`updating apt-get's lists, because: ${String(error).split("\n").at(-1)}`);
    await run(["apt-get", "update"], { env });
    await run(command, { env });
  }
}

/** A program that names no dynamic loader near its start runs in an image that holds nothing else. */
function isStatic(file: string): boolean {
  return !readFileSync(file).subarray(0, HEAD_BYTES).includes("/ld-");
}
