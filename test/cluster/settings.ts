import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { withLock } from "./lock.ts";
import { cacheFolder } from "./paths.ts";

/** What one cluster has for itself, chosen at its creation so that several run side by side. */
export type Settings = {
  name: string;
  folder: string;
  bridge: string;
  /** The first three numbers of the pods' addresses. */
  network: string;
  /** Below this cgroup, and nowhere else, are the processes of its pods. */
  cgroup: string;
  ports: { etcd: number; etcdPeer: number; apiServer: number; kubelet: number };
};

// The kernel allows a socket's path 107 characters; the kubelet's are up to 34 below the cluster's folder.
const LONGEST_FOLDER = 73;
const SLOTS = 200;
// Below the range from which the kernel hands out ports of its own choice.
const FIRST_PORT = 21_000;
const PORTS_PER_SLOT = 10;

export function clusterFolder(name: string): string {
  if (!/^[a-z0-9]([a-z0-9-]{0,28}[a-z0-9])?$/.test(name)) {
    throw new Error(
      `a cluster's name must be 1 to 30 of a-z, 0-9 and - (not at the ends), got ${JSON.stringify(name)}`,
    );
  }
  const folder = join(cacheFolder("clusters"), name);
  if (folder.length <= LONGEST_FOLDER) return folder;
  const limit = `at most ${LONGEST_FOLDER} characters long, got ${folder.length}`;
  throw new Error(`the cluster's folder ${folder} must be ${limit}: set XDG_CACHE_HOME to a shorter path`);
}

export function findSettings(name: string): Settings | undefined {
  const file = join(clusterFolder(name), "settings.json");
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Settings) : undefined;
}

/** The cluster's settings, chosen now if it has none; one at a time, lest two clusters choose the same. */
export async function ensureSettings(name: string): Promise<Settings> {
  return findSettings(name) ?? (await withLock("settings", () => createSettings(name)));
}

async function createSettings(name: string): Promise<Settings> {
  const taken = new Set(knownNetworks());
  for (let slot = 0; slot < SLOTS; slot++) {
    const settings = settingsOf(name, slot);
    if (!taken.has(settings.network) && (await areFree(Object.values(settings.ports)))) return save(settings);
  }
  throw new Error(`no free ports between ${FIRST_PORT} and ${firstPortOf(SLOTS)}: end a cluster with "cluster down"`);
}

function settingsOf(name: string, slot: number): Settings {
  const folder = clusterFolder(name);
  const mark = createHash("sha256").update(folder).digest("hex").slice(0, 4);
  const first = firstPortOf(slot);
  const ports = {
    etcd: first,
    etcdPeer: first + 1,
    apiServer: first + 2,
    kubelet: first + 3,
  };
  const cgroup = `/pulumi-jobrun-${name}-${mark}`;
  return {
    name,
    folder,
    bridge: `pjr${mark}-${slot}`,
    network: `10.213.${slot}`,
    cgroup,
    ports,
  };
}

function firstPortOf(slot: number): number {
  return FIRST_PORT + slot * PORTS_PER_SLOT;
}

function save(settings: Settings): Settings {
  mkdirSync(settings.folder, { recursive: true });
  const file = join(settings.folder, "settings.json");
  writeFileSync(`${file}.new`, JSON.stringify(settings, undefined, 2));
  renameSync(`${file}.new`, file);
  return settings;
}

/** Networks of the other clusters, running or not, and of this machine's interfaces. */
function knownNetworks(): string[] {
  const others = readdirSync(cacheFolder("clusters")).map((name) => findSettings(name)?.network ?? "");
  const addresses = Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address));
  return [...others, ...addresses.map((address) => address.split(".").slice(0, 3).join("."))];
}

async function areFree(ports: number[]): Promise<boolean> {
  return (await Promise.all(ports.map(isFree))).every(Boolean);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer().once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
