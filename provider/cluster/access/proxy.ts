import { BlockList, isIP, isIPv6 } from "node:net";
import { ClusterError } from "../errors";
import type { KubeCluster } from "./kubeconfig";

type Environment = Readonly<Record<string, string | undefined>>;

/** The proxy that leads to the cluster, if any: the kubeconfig's `proxy-url`, else what the environment says, by kubectl's rules. */
export function proxyOf(cluster: KubeCluster, env: Environment): URL | undefined {
  const own = cluster["proxy-url"] ?? "";
  if (own !== "") return proxyUrl(own, "the kubeconfig's `proxy-url`");
  const server = new URL(cluster.server);
  const variable = server.protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY";
  const named = either(env, variable);
  if (named === "" || goesDirect(server, either(env, "NO_PROXY"))) return undefined;
  return proxyUrl(named.includes("://") ? named : `http://${named}`, variable);
}

/** The proxy for messages: without its password. */
export function showProxy({ protocol, host }: URL): string {
  return `${protocol}//${host}`;
}

const either = (env: Environment, name: string): string => env[name] || env[name.toLowerCase()] || "";

const PROTOCOLS = ["http:", "https:", "socks5:"];

function proxyUrl(text: string, title: string): URL {
  // A name is resolved by the proxy in both.
  const url = URL.canParse(text) ? new URL(text.replace(/^socks5h:/, "socks5:")) : undefined;
  if (url !== undefined && PROTOCOLS.includes(url.protocol)) return url;
  throw new ClusterError(`${title} must be a URL that begins with http://, https:// or socks5://`);
}

/** Loopback never goes through a proxy of the environment, and neither does what NO_PROXY names. */
function goesDirect({ hostname, port, protocol }: URL, noProxy: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, "").toLowerCase();
  if (host === "localhost" || isLoopback(host)) return true;
  const ports = port === "" ? { "https:": "443", "http:": "80" }[protocol] : port;
  const entries = noProxy.split(",").map((entry) => entry.trim().toLowerCase());
  return entries.some((entry) => entry !== "" && covers(entry, host, ports ?? ""));
}

function covers(entry: string, host: string, port: string): boolean {
  if (entry === "*") return true;
  if (entry.includes("/")) return isInNetwork(host, entry);
  const [, name = "", onlyPort] = /^\[?(.*?)\]?(?::(\d+))?$/.exec(isIPv6(entry) ? `[${entry}]` : entry) ?? [];
  return (onlyPort === undefined || onlyPort === port) && names(name, host);
}

function names(name: string, host: string): boolean {
  // An address can be written in many ways.
  if (isIP(name) !== 0) return isInNetwork(host, `${name}/${isIPv6(name) ? 128 : 32}`);
  const domain = name.replace(/^\*(?=\.)/, "");
  // `.example.com` means what is below, `example.com` that and itself.
  return host === domain || host.endsWith(domain.startsWith(".") ? domain : `.${domain}`);
}

const familyOf = (address: string): "ipv4" | "ipv6" => (isIPv6(address) ? "ipv6" : "ipv4");

const isLoopback = (host: string): boolean => isInNetwork(host, "127.0.0.0/8") || isInNetwork(host, "::1/128");

function isInNetwork(host: string, network: string): boolean {
  const [address = "", bits = ""] = network.split("/");
  const longest = isIPv6(address) ? 128 : 32;
  if (isIP(host) === 0 || isIP(address) === 0 || !/^\d{1,3}$/.test(bits) || Number(bits) > longest) return false;
  const list = new BlockList();
  list.addSubnet(address, Number(bits), familyOf(address));
  return list.check(host, familyOf(host));
}
