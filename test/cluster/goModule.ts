import { run } from "./command.ts";

/** For every call of Go. GOFLAGS and GOWORK of the machine would change what is built, and so would another toolchain. */
export const goEnvironment = {
  CGO_ENABLED: "0",
  GOFLAGS: "",
  GOWORK: "off",
  GOTOOLCHAIN: "local",
};

/** The folder with a module's own files, in the version that the go.mod in `folder` pins; fetched when it is not there. */
export async function moduleSource(module: string, folder: string): Promise<string> {
  const inModule = { cwd: folder, env: { ...process.env, ...goEnvironment } };
  await run(["go", "mod", "download", module], inModule);
  return (await run(["go", "list", "-m", "-f", "{{.Dir}}", module], inModule)).trim();
}
