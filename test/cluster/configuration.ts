import { existsSync, mkdirSync, readFileSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { certificateFile } from "./certificates.ts";
import { cniFolder } from "./packages.ts";
import type { Settings } from "./settings.ts";
import { PAUSE_IMAGE } from "./images.ts";

const OVERLAYFS_MAGIC = 0x794c7630;

export function containerdSocket(settings: Settings): string {
  return join(settings.folder, "containerd.sock");
}

/** An overlay on an overlay is refused by the kernel, so inside a container layers are copied instead. */
export function snapshotterOf(settings: Settings): string {
  return statfsSync(settings.folder).type === OVERLAYFS_MAGIC ? "native" : "overlayfs";
}

export function kubeconfigFile(settings: Settings, user: string): string {
  return join(settings.folder, `${user}.kubeconfig`);
}

/**
 * Writes what the parts of the cluster read at their start and returns those that would now read something
 * else; the same settings give the same files.
 */
export function writeConfiguration(settings: Settings): Set<"containerd" | "kubelet"> {
  const { folder } = settings;
  for (const part of ["log", "cni", "etcd"]) mkdirSync(join(folder, part), { recursive: true });
  for (const user of ["admin", "kubelet", "controller-manager", "scheduler"]) writeKubeconfig(settings, user);
  const files = [
    { reader: "containerd", file: "containerd.toml", text: containerdConfiguration(settings) },
    { reader: "containerd", file: "cni/10-pods.conflist", text: toJson(podNetwork(settings)) },
    { reader: "kubelet", file: "kubelet.json", text: toJson(kubeletConfiguration(settings)) },
  ] as const;
  const changed = files.filter(({ file, text }) => writeIfChanged(join(folder, file), text));
  return new Set(changed.map(({ reader }) => reader));
}

function toJson(value: unknown): string {
  return JSON.stringify(value, undefined, 2);
}

function writeIfChanged(file: string, text: string): boolean {
  if (existsSync(file) && readFileSync(file, "utf8") === text) return false;
  writeFileSync(file, text, { mode: 0o600 });
  return true;
}

// With the certificates inside, the file can be copied elsewhere on this machine.
function writeKubeconfig(settings: Settings, user: string): void {
  const name = `pulumi-jobrun-${settings.name}`;
  const base64 = (file: string) => readFileSync(certificateFile(settings, file)).toString("base64");
  const server = `https://127.0.0.1:${settings.ports.apiServer}`;
  const identity = { "client-certificate-data": base64(`${user}.crt`), "client-key-data": base64(`${user}.key`) };
  const kubeconfig = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster: { server, "certificate-authority-data": base64("ca.crt") } }],
    users: [{ name: user, user: identity }],
    contexts: [{ name, context: { cluster: name, user } }],
    "current-context": name,
  };
  writeIfChanged(kubeconfigFile(settings, user), toJson(kubeconfig));
}

// Without restrict_oom_score_adj a sandbox fails where even root may not lower its score; NRI and
// /opt/containerd are places that two of them would share.
function containerdConfiguration(settings: Settings): string {
  const at = (part: string) => JSON.stringify(join(settings.folder, part));
  return `version = 3
root = ${at("containerd/root")}
state = ${at("containerd/state")}
disabled_plugins = ["io.containerd.internal.v1.opt"]
[grpc]
  address = ${JSON.stringify(containerdSocket(settings))}
[plugins.'io.containerd.nri.v1.nri']
  disable = true
[plugins.'io.containerd.cri.v1.images']
  snapshotter = ${JSON.stringify(snapshotterOf(settings))}
[plugins.'io.containerd.cri.v1.images'.pinned_images]
  sandbox = ${JSON.stringify(PAUSE_IMAGE)}
[plugins.'io.containerd.cri.v1.runtime']
  restrict_oom_score_adj = true
  netns_mounts_under_state_dir = true
[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc]
  runtime_type = "io.containerd.runc.v2"
[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc.options]
  Root = ${at("containerd/runc")}
[plugins.'io.containerd.cri.v1.runtime'.cni]
  bin_dirs = [${JSON.stringify(cniFolder())}]
  conf_dir = ${at("cni")}
  use_internal_loopback = true
`;
}

function podNetwork({ bridge, network, folder }: Settings): unknown {
  const ipam = { type: "host-local", dataDir: join(folder, "ipam"), ranges: [[{ subnet: `${network}.0/24` }]] };
  const plugin = { type: "bridge", bridge, isGateway: true, ipMasq: false, ipam };
  return { cniVersion: "1.0.0", name: bridge, plugins: [plugin] };
}

// Images cannot be pulled again, so none is ever collected; nothing on the host is reserved for pods.
function kubeletConfiguration(settings: Settings): unknown {
  const { folder, cgroup, ports } = settings;
  return {
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    address: "127.0.0.1",
    port: ports.kubelet,
    healthzPort: 0,
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: certificateFile(settings, "ca.crt") },
    },
    authorization: { mode: "Webhook" },
    tlsCertFile: certificateFile(settings, "kubelet.crt"),
    tlsPrivateKeyFile: certificateFile(settings, "kubelet.key"),
    containerRuntimeEndpoint: `unix://${containerdSocket(settings)}`,
    cgroupDriver: "cgroupfs",
    cgroupRoot: cgroup,
    enforceNodeAllocatable: [],
    failCgroupV1: false,
    failSwapOn: false,
    clusterDomain: "cluster.local",
    clusterDNS: ["10.96.0.10"],
    maxPods: 250,
    evictionHard: { "memory.available": "1%", "nodefs.available": "1%", "imagefs.available": "1%" },
    imageGCHighThresholdPercent: 100,
    imageGCLowThresholdPercent: 99,
    podLogsDir: join(folder, "pod-logs"),
    volumePluginDir: join(folder, "volume-plugins"),
  };
}
