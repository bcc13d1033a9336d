"use strict";

/** Ends the program with a clear word where Node is too old. It is plain JavaScript that every Node understands. */
module.exports = (program) => {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > 22 || (major === 22 && minor >= 19)) return;
  process.stderr.write(`${program} needs Node 22.19 or newer, got ${process.versions.node} from PATH\n`);
  process.exit(1);
};
