import { cpus, totalmem } from "node:os";
import { getTool } from "../cluster/tools.ts";
import peer from "../../node_modules/@pulumi/kubernetes/package.json";
import sdk from "../../node_modules/@pulumi/pulumi/package.json";
import own from "../../package.json";
import type { Machine } from "./results";

/** What is measured on, and in which versions. */
export function machine(): Machine {
  const cores = cpus();
  return {
    cpu: cores[0]?.model.trim() ?? "unknown CPU",
    cores: cores.length,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    versions: {
      "pulumi-jobrun": own.version,
      Kubernetes: getTool("kube-apiserver").version,
      Pulumi: getTool("pulumi").version,
      "@pulumi/pulumi": sdk.version,
      "@pulumi/kubernetes": `${peer.version} with the plugin ${getTool("pulumi-resource-kubernetes").version}`,
      Node: process.versions.node,
    },
  };
}
