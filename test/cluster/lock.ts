import { spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { getProgram } from "./command.ts";
import { cacheFolder } from "./paths.ts";

/** The child that holds a lock until its input ends. */
type Holder = ChildProcessByStdio<Writable, Readable, null>;

/**
 * Does the work while no other process on this machine holds the lock of that name. The kernel keeps
 * the lock for a child that ends with our pipe, so a holder that was killed never leaves it behind.
 */
export async function withLock<T>(name: string, work: () => Promise<T>): Promise<T> {
  const file = join(cacheFolder("locks"), name);
  const holder = (await acquire(file, ["--nonblock"])) ?? (await waitForLock(file, name));
  try {
    writeFileSync(file, `process ${process.pid} (${process.argv.slice(1).join(" ")})`);
    return await work();
  } finally {
    const closed = once(holder, "close");
    holder.stdin.end();
    await closed;
  }
}

async function waitForLock(file: string, name: string): Promise<Holder> {
  console.error(`waiting for ${readFileSync(file, "utf8") || "another process"}, which holds the lock ${name}`);
  const holder = await acquire(file, []);
  if (holder === undefined) throw new Error(`the lock ${file} could not be taken: remove it and try again`);
  return holder;
}

/** The process that holds the lock; undefined when the lock is taken and the flags say not to wait. */
async function acquire(file: string, flags: string[]): Promise<Holder | undefined> {
  const flock = getProgram("flock", "to let one process at a time build or start things");
  const script = "echo locked; exec cat >/dev/null";
  const child = spawn(flock, [...flags, file, "sh", "-c", script], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const locked = once(child.stdout, "data").then(() => true);
  const refused = once(child, "exit").then(() => false);
  return (await Promise.race([locked, refused])) ? child : undefined;
}
