import { readFile } from "node:fs/promises";
import { ClusterError, messageOf } from "../errors";

/** The text of a file that belongs to the credentials; `title` says which one for errors. */
export async function readText(path: string, title: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new ClusterError(`${title} cannot be read: ${messageOf(error)}`, { status: 401, cause: error });
  }
}

/** A certificate or key that the kubeconfig holds itself, in base64, or names the file of. */
export async function readPem(
  file: string | undefined,
  data: string | undefined,
  title: string,
): Promise<string | undefined> {
  if (data !== undefined && data !== "") return Buffer.from(data, "base64").toString();
  return file === undefined || file === "" ? undefined : readText(file, title);
}
