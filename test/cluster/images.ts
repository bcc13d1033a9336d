import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { getProgram, run } from "./command.ts";
import { bedFile, cacheFolder } from "./paths.ts";
import { tar, type Entry } from "./tar.ts";

export const PAUSE_IMAGE = "registry.k8s.io/pause:3.10";

const BUSYBOX = "/bin/busybox";

type Image = {
  reference: string;
  entries: Entry[];
  config: { Env: string[]; Entrypoint?: string[]; Cmd?: string[] };
};

/** An image as a file that `ctr images import` reads; the hash tells whether it was imported already. */
export type Archive = { reference: string; file: string; hash: string };

/** Builds the images of the cluster into the cache; nothing comes from a registry. */
export async function buildImages(): Promise<Archive[]> {
  const images = [await pauseImage(), await busyboxImage(), await helloworldImage()];
  return images.map(archive);
}

async function pauseImage(): Promise<Image> {
  const entries = [{ path: "pause", content: readFileSync(await compilePause()) }];
  return {
    reference: PAUSE_IMAGE,
    entries,
    config: { Env: ["PATH=/"], Entrypoint: ["/pause"] },
  };
}

async function busyboxImage(): Promise<Image> {
  const config = { Env: ["PATH=/bin"], Cmd: ["sh"] };
  return {
    reference: "docker.io/library/busybox:1",
    entries: await busyboxEntries(),
    config,
  };
}

async function helloworldImage(): Promise<Image> {
  const script = {
    path: "helloworld",
    content: readFileSync(bedFile("images", "helloworld.sh")),
  };
  const path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  const config = { Env: [path, "HOME=/root"], Entrypoint: ["/helloworld"] };
  const entries = [...(await busyboxEntries()), { path: "root" }, script];
  return { reference: "icr.io/codeengine/helloworld:latest", entries, config };
}

/** A small system: busybox under the names of all its commands, a place for temporary files, two users. */
async function busyboxEntries(): Promise<Entry[]> {
  const commands = (await run([BUSYBOX, "--list"]))
    .trim()
    .split("\n")
    .filter((name) => name !== "busybox");
  return [
    { path: "bin" },
    { path: "bin/busybox", content: readFileSync(BUSYBOX) },
    ...commands.sort().map((name) => ({ path: `bin/${name}`, target: "busybox" })),
    { path: "etc" },
    {
      path: "etc/group",
      mode: 0o644,
      content: "root:x:0:\nnogroup:x:65534:\n",
    },
    {
      path: "etc/passwd",
      mode: 0o644,
      content: "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n",
    },
    { path: "tmp", mode: 0o1777 },
  ];
}

/** Compiled once for each source, because two compilers need not give the same bytes. */
async function compilePause(): Promise<string> {
  const source = bedFile("images", "pause.c");
  const binary = join(cacheFolder("images"), `pause-${hashOf(readFileSync(source)).slice(0, 10)}`);
  if (existsSync(binary)) return binary;
  const temporary = `${binary}.${process.pid}`;
  await run([
    getProgram("gcc", "to compile the pause image's program"),
    "-O2",
    "-static",
    "-s",
    "-o",
    temporary,
    source,
  ]);
  renameSync(temporary, binary);
  return binary;
}

// The layout that `docker save` writes: https://github.com/moby/moby/blob/v24.0.0/image/spec/v1.2.md
function archive({ reference, entries, config }: Image): Archive {
  const layer = tar(entries);
  const rootfs = { type: "layers", diff_ids: [`sha256:${hashOf(layer)}`] };
  const architecture = { x64: "amd64" }[process.arch as string] ?? process.arch;
  const description = JSON.stringify({
    architecture,
    os: "linux",
    config,
    rootfs,
  });
  const manifest = [
    {
      Config: `${hashOf(description)}.json`,
      RepoTags: [reference],
      Layers: ["layer.tar"],
    },
  ];
  const content = tar([
    { path: `${hashOf(description)}.json`, mode: 0o644, content: description },
    { path: "layer.tar", mode: 0o644, content: layer },
    { path: "manifest.json", mode: 0o644, content: JSON.stringify(manifest) },
  ]);
  return store(reference, content);
}

function store(reference: string, content: Buffer): Archive {
  const hash = hashOf(content);
  const name = reference.replace(/^.*\//, "").replace(":", "-");
  const file = join(cacheFolder("images"), `${name}-${hash.slice(0, 10)}.tar`);
  if (!existsSync(file)) {
    writeFileSync(`${file}.${process.pid}`, content);
    renameSync(`${file}.${process.pid}`, file);
  }
  return { reference, file, hash };
}

function hashOf(content: Buffer | string): string {
  return createHash("sha256").update(content).digest("hex");
}
