// npm run --silent tool -- NAME: builds the tool if need be and prints where its binary is.
import { join } from "node:path";
import { toolPath } from "./build.ts";
import { pulumiPath } from "./pulumi.ts";

try {
  const name = process.argv[2] ?? "";
  // Beside this pulumi are the hosts that it looks for.
  console.log(name === "pulumi" ? join(await pulumiPath(), name) : await toolPath(name));
} catch (error) {
  console.error(`tool: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
