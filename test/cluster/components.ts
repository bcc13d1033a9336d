import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { certificateFile } from "./certificates.ts";
import { lastLines } from "./command.ts";
import { kubeconfigFile } from "./kubeconfig.ts";
import { endProcesses, findProcesses, isSameCommand, startProcess, type Process } from "./processes.ts";
import type { Settings } from "./settings.ts";
import { waitUntil } from "./wait.ts";

export const componentNames = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "containerd",
  "kubelet",
] as const;

export type ComponentName = (typeof componentNames)[number];

/** The tools that a cluster is run with: its components, and what containerd and we call. */
export const clusterTools = [...componentNames, "containerd-shim-runc-v2", "ctr", "kubectl"] as const;

export type Binaries = Record<(typeof clusterTools)[number], string>;

const READY_SECONDS = 60;

export function runningProcesses(settings: Settings, name: ComponentName): Process[] {
  return findProcesses(name, settings.folder);
}

/** The port that a component listens on; containerd has a socket, the others only ask. */
export function portOf({ ports }: Settings, name: ComponentName): number | undefined {
  const listening: Partial<Record<ComponentName, number>> = {
    etcd: ports.etcd,
    "kube-apiserver": ports.apiServer,
    kubelet: ports.kubelet,
  };
  return listening[name];
}

/** Starts a component unless it runs with exactly these arguments; one that runs with others is ended first. */
export async function ensureRunning(settings: Settings, name: ComponentName, binaries: Binaries): Promise<void> {
  const command = { program: binaries[name], args: argumentsOf[name](settings) };
  const running = runningProcesses(settings, name);
  if (running.length === 1 && running.every((one) => isSameCommand(one, command))) return;
  await endProcesses(running);
  mkdirSync(dirname(logFile(settings, name)), { recursive: true });
  await startProcess(command, logFile(settings, name), Object.values(binaries).map(dirname));
}

/** Waits for a sign of life; an error names the component and shows the end of its log. */
export async function awaitReady(
  settings: Settings,
  name: ComponentName,
  isReady: () => Promise<boolean>,
): Promise<void> {
  const hasEnded = () => runningProcesses(settings, name).length === 0;
  const inTime = await waitUntil(READY_SECONDS, async () => hasEnded() || (await isReady()));
  if (inTime && !hasEnded()) return;
  const got = inTime ? "its process ended" : `no sign of it in ${READY_SECONDS} s`;
  throw new Error(
    `${name} must come up, got: ${got}. The end of ${logFile(settings, name)}:\n${logTail(settings, name)}`,
  );
}

function logFile(settings: Settings, name: ComponentName): string {
  return join(settings.folder, "log", `${name}.log`);
}

function logTail(settings: Settings, name: ComponentName): string {
  const file = logFile(settings, name);
  return existsSync(file) ? lastLines(readFileSync(file, "utf8")) : "(no log)";
}

export const argumentsOf: Record<ComponentName, (settings: Settings) => string[]> = {
  etcd: ({ folder, ports }) => [
    `--data-dir=${folder}/etcd`,
    `--listen-client-urls=http://127.0.0.1:${ports.etcd}`,
    `--advertise-client-urls=http://127.0.0.1:${ports.etcd}`,
    `--listen-peer-urls=http://127.0.0.1:${ports.etcdPeer}`,
    `--initial-advertise-peer-urls=http://127.0.0.1:${ports.etcdPeer}`,
    `--initial-cluster=default=http://127.0.0.1:${ports.etcdPeer}`,
    "--unsafe-no-fsync",
  ],
  "kube-apiserver": (settings) => [
    `--etcd-servers=http://127.0.0.1:${settings.ports.etcd}`,
    "--bind-address=127.0.0.1",
    "--advertise-address=127.0.0.1",
    `--secure-port=${settings.ports.apiServer}`,
    `--tls-cert-file=${certificateFile(settings, "apiserver.crt")}`,
    `--tls-private-key-file=${certificateFile(settings, "apiserver.key")}`,
    `--client-ca-file=${certificateFile(settings, "ca.crt")}`,
    `--service-account-key-file=${certificateFile(settings, "service-account.pub")}`,
    `--service-account-signing-key-file=${certificateFile(settings, "service-account.key")}`,
    "--service-account-issuer=https://kubernetes.default.svc",
    "--service-cluster-ip-range=10.96.0.0/16",
    "--authorization-mode=Node,RBAC",
    "--allow-privileged=true",
    // Its address is loopback, which no endpoint may have.
    "--endpoint-reconciler-type=none",
    `--kubelet-certificate-authority=${certificateFile(settings, "ca.crt")}`,
    `--kubelet-client-certificate=${certificateFile(settings, "admin.crt")}`,
    `--kubelet-client-key=${certificateFile(settings, "admin.key")}`,
    // The node is called localhost, so that logs are asked for over loopback.
    "--kubelet-preferred-address-types=Hostname",
  ],
  "kube-controller-manager": (settings) => [
    `--kubeconfig=${kubeconfigFile(settings, "controller-manager")}`,
    `--service-account-private-key-file=${certificateFile(settings, "service-account.key")}`,
    `--root-ca-file=${certificateFile(settings, "ca.crt")}`,
    "--use-service-account-credentials=true",
    "--leader-elect=false",
    "--secure-port=0",
  ],
  "kube-scheduler": (settings) => [
    `--kubeconfig=${kubeconfigFile(settings, "scheduler")}`,
    "--leader-elect=false",
    "--secure-port=0",
  ],
  containerd: ({ folder }) => [`--config=${folder}/containerd.toml`],
  kubelet: (settings) => [
    `--config=${settings.folder}/kubelet.json`,
    `--kubeconfig=${kubeconfigFile(settings, "kubelet")}`,
    `--root-dir=${settings.folder}/kubelet`,
    `--cert-dir=${settings.folder}/kubelet/pki`,
    "--hostname-override=localhost",
    `--node-ip=${settings.network}.1`,
  ],
};
