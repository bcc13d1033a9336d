import { statfsSync } from "node:fs";
import { join } from "node:path";
import { PAUSE_IMAGE } from "./images.ts";
import { cniFolder } from "./packages.ts";
import type { Settings } from "./settings.ts";

const OVERLAYFS_MAGIC = 0x794c7630;

export function containerdSocket(settings: Settings): string {
  return join(settings.folder, "containerd.sock");
}

/** The kernel refuses an overlay on an overlay, so inside a container layers are copied instead. */
export function snapshotterOf({ folder }: Settings): string {
  const isOverlay = statfsSync(folder).type === OVERLAYFS_MAGIC;
  return isOverlay ? "native" : "overlayfs";
}

/**
 * Without restrict_oom_score_adj no sandbox starts where even root may not lower its score.
 * NRI, /opt/containerd and the usual folders would be shared with the machine's own containerd.
 */
export function containerdConfiguration(settings: Settings): string {
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
  snapshotter = "${snapshotterOf(settings)}"
[plugins.'io.containerd.cri.v1.images'.pinned_images]
  sandbox = "${PAUSE_IMAGE}"
[plugins.'io.containerd.cri.v1.runtime']
  restrict_oom_score_adj = true
  netns_mounts_under_state_dir = true
[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc]
  runtime_type = "io.containerd.runc.v2"
[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc.options]
  Root = ${at("containerd/runc")}
[plugins.'io.containerd.cri.v1.runtime'.cni]
  bin_dirs = ["${cniFolder()}"]
  conf_dir = ${at("cni")}
  use_internal_loopback = true
`;
}

/** The pods' network in the form that the network plugins read. */
export function podNetwork({ bridge, network, folder }: Settings): object {
  const ranges = [[{ subnet: `${network}.0/24` }]];
  const ipam = { type: "host-local", dataDir: join(folder, "ipam"), ranges };
  const plugin = { type: "bridge", bridge, isGateway: true, ipam };
  return { cniVersion: "1.0.0", name: bridge, plugins: [plugin] };
}
