import { execFileSync } from "node:child_process";
import { tar, type Entry } from "../../cluster/tar.ts";

const entries: Entry[] = [
  { path: "bin" },
  { path: "bin/busybox", content: "#!/bin/sh\n" },
  { path: "bin/sh", target: "busybox" },
  { path: "etc/passwd", mode: 0o644, content: "root:x:0:0\n" },
];

test("the system's tar reads files, links, folders and modes", () => {
  const listing = execFileSync("tar", ["--list", "--verbose"], {
    input: tar(entries),
    encoding: "utf8",
  });
  const lines = listing.trim().split("\n");
  expect(lines).toHaveLength(4);
  expect(lines[0]).toMatch(/^drwxr-xr-x .* bin/);
  expect(lines[1]).toMatch(/^-rwxr-xr-x 0\/0 +10 .* bin\/busybox$/);
  expect(lines[2]).toMatch(/^lrwxr-xr-x .* bin\/sh -> busybox$/);
  expect(lines[3]).toMatch(/^-rw-r--r-- .* etc\/passwd$/);
});

test("content comes out as it went in", () => {
  const content = execFileSync("tar", ["--extract", "--to-stdout", "etc/passwd"], {
    input: tar(entries),
    encoding: "utf8",
  });
  expect(content).toBe("root:x:0:0\n");
});

test("the same entries give the same bytes", () => {
  expect(tar(entries).equals(tar(entries))).toBe(true);
});

test("a path that does not fit is refused by name", () => {
  const path = "a".repeat(101);
  expect(() => tar([{ path, content: "" }])).toThrow(path);
});
