const BLOCK = 512;
const END_BLOCKS = 2;
const FILE = "0";
const LINK = "2";
const FOLDER = "5";

/** One member of an archive: a file with its content, a symbolic link with its target, or a folder. */
export type Entry = {
  path: string;
  mode?: number;
  content?: Buffer | string;
  target?: string;
};

/** An archive in the ustar format; owner, group and times are zero, so the same entries give the same bytes. */
export function tar(entries: Entry[]): Buffer {
  return Buffer.concat([...entries.flatMap(member), Buffer.alloc(BLOCK * END_BLOCKS)]);
}

function member(entry: Entry): Buffer[] {
  const content = Buffer.from(entry.content ?? "");
  const padding = Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK);
  return [header(entry, content.length), content, padding];
}

// The fields and their places: https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html#tag_20_92_13_06
function header(entry: Entry, size: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  const type = entry.target !== undefined ? LINK : entry.content !== undefined ? FILE : FOLDER;
  block.write(shortEnough(entry.path), 0);
  block.write(octal(entry.mode ?? 0o755, 8), 100);
  block.write(octal(0, 8), 108);
  block.write(octal(0, 8), 116);
  block.write(octal(size, 12), 124);
  block.write(octal(0, 12), 136);
  block.write(type, 156);
  block.write(shortEnough(entry.target ?? ""), 157);
  block.write("ustar\u000000", 257);
  // The checksum is taken with its own field full of spaces.
  block.fill(" ", 148, 156);
  block.write(
    `${octal(
      block.reduce((sum, byte) => sum + byte, 0),
      7,
    )} `,
    148,
  );
  return block;
}

function octal(value: number, width: number): string {
  return `${value.toString(8).padStart(width - 1, "0")}\0`;
}

function shortEnough(path: string): string {
  const longest = 100;
  if (Buffer.byteLength(path) <= longest) return path;
  throw new Error(`a path in an archive must be at most ${longest} bytes long, got ${path}: shorten it`);
}
