import type { Embeds } from "./overlay.ts";

/** A program that is built from a pinned Go module. */
export type Tool = {
  name: string;
  version: string;
  /** The folder under tools/ whose go.mod pins the module. */
  folder: string;
  package: string;
  /** Variables that the linker sets, as these projects' own builds do, so that the program knows its version. */
  linkerVariables?: Record<string, string>;
  embeds?: Embeds;
};

const KUBERNETES = "1.37.2";
const CONTAINERD = "2.3.7";
const PULUMI = "3.274.1";
// Newer ones live in modules that are not served.
const PULUMI_LANGUAGES = "3.68.0";
const PULUMI_KUBERNETES = "4.0.0-20260115033456-f47bc2d6f199";
const KUBERNETES_PROVIDER = "github.com/pulumi/pulumi-kubernetes/provider/v4";

export const tools: Tool[] = [
  {
    name: "etcd",
    version: "3.6.16",
    folder: "etcd",
    package: "go.etcd.io/etcd/server/v3",
  },
  containerd("containerd"),
  containerd("containerd-shim-runc-v2"),
  containerd("ctr"),
  kubernetes("kubectl"),
  kubernetes("kubelet"),
  kubernetes("kube-apiserver"),
  kubernetes("kube-controller-manager"),
  kubernetes("kube-scheduler"),
  {
    name: "pulumi",
    version: PULUMI,
    folder: "pulumi",
    package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    linkerVariables: {
      "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": `v${PULUMI}`,
    },
  },
  pulumiLanguage("nodejs"),
  pulumiLanguage("python"),
  {
    name: "pulumi-language-yaml",
    version: "1.25.0",
    folder: "pulumi-yaml",
    package: "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml",
  },
  {
    name: "pulumi-resource-kubernetes",
    version: PULUMI_KUBERNETES,
    folder: "pulumi-kubernetes",
    package: ".",
    linkerVariables: {
      [`${KUBERNETES_PROVIDER}/pkg/version.Version`]: PULUMI_KUBERNETES,
    },
    embeds: {
      module: KUBERNETES_PROVIDER,
      files: ["cmd/pulumi-resource-kubernetes/schema.json", "cmd/pulumi-resource-kubernetes/terraform-mapping.json"],
    },
  },
  {
    name: "kwok",
    version: "0.8.0",
    folder: "kwok",
    package: "sigs.k8s.io/kwok/cmd/kwok",
  },
  { name: "generate-sdks", version: PULUMI, folder: "generate-sdks", package: "." },
];

export function getTool(name: string): Tool {
  const found = tools.find((tool) => tool.name === name);
  if (found !== undefined) return found;
  const names = tools.map((tool) => tool.name).join(", ");
  throw new Error(`NAME must be one of ${names}, got ${JSON.stringify(name)}`);
}

function containerd(name: string): Tool {
  const path = `github.com/containerd/containerd/v2/cmd/${name}`;
  return { name, version: CONTAINERD, folder: "containerd", package: path };
}

function pulumiLanguage(language: string): Tool {
  const name = `pulumi-language-${language}`;
  const path = `github.com/pulumi/pulumi/sdk/v3/${language}/cmd/${name}`;
  return { name, version: PULUMI_LANGUAGES, folder: "pulumi-languages", package: path };
}

function kubernetes(name: string): Tool {
  const linkerVariables = {
    "k8s.io/component-base/version.gitVersion": `v${KUBERNETES}`,
  };
  return {
    name,
    version: KUBERNETES,
    folder: "kubernetes",
    package: `k8s.io/kubernetes/cmd/${name}`,
    linkerVariables,
  };
}
