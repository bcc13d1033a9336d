import { join } from "node:path";
import { certificateFile } from "./certificates.ts";
import { containerdSocket } from "./containerd.ts";
import type { Settings } from "./settings.ts";

/** What the kubelet is told; https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1 */
export function kubeletConfiguration(settings: Settings): object {
  const { folder, ports } = settings;
  return {
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    address: "127.0.0.1",
    port: ports.kubelet,
    healthzPort: 0,
    ...access(settings),
    ...resources(settings),
    containerRuntimeEndpoint: `unix://${containerdSocket(settings)}`,
    // Nobody answers there; without an address every pod would get a warning event.
    clusterDNS: ["10.96.0.10"],
    clusterDomain: "cluster.local",
    podLogsDir: join(folder, "pod-logs"),
    volumePluginDir: join(folder, "volume-plugins"),
  };
}

function access(settings: Settings): object {
  const clientCAFile = certificateFile(settings, "ca.crt");
  return {
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile },
    },
    authorization: { mode: "Webhook" },
    tlsCertFile: certificateFile(settings, "kubelet.crt"),
    tlsPrivateKeyFile: certificateFile(settings, "kubelet.key"),
  };
}

/** Takes the machine as it is, reserves nothing, and never collects an image: none can be pulled again. */
function resources({ cgroup }: Settings): object {
  const least = "1%";
  return {
    cgroupDriver: "cgroupfs",
    cgroupRoot: cgroup,
    enforceNodeAllocatable: [],
    failCgroupV1: false,
    failSwapOn: false,
    maxPods: 250,
    evictionHard: {
      "memory.available": least,
      "nodefs.available": least,
      "imagefs.available": least,
    },
    imageGCHighThresholdPercent: 100,
    imageGCLowThresholdPercent: 99,
  };
}
