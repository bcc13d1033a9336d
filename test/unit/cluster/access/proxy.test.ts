import { proxyOf, showProxy } from "../../../../provider/cluster/access/proxy";

const proxyFor = (server: string, env: Record<string, string>, own?: string): string | undefined =>
  proxyOf({ server, ...(own !== undefined && { "proxy-url": own }) }, env)?.href;

const PROXY = "http://proxy:3128/";

test.each([
  ["HTTPS_PROXY", "https://c:6443", { HTTPS_PROXY: PROXY }, PROXY],
  ["https_proxy", "https://c:6443", { https_proxy: PROXY }, PROXY],
  ["HTTPS_PROXY before https_proxy", "https://c:6443", { HTTPS_PROXY: PROXY, https_proxy: "http://b" }, PROXY],
  ["https_proxy where HTTPS_PROXY is empty", "https://c:6443", { HTTPS_PROXY: "", https_proxy: PROXY }, PROXY],
  ["HTTP_PROXY for a server without TLS", "http://c:8080", { HTTP_PROXY: PROXY, HTTPS_PROXY: "http://b" }, PROXY],
  ["a proxy without its protocol", "https://c:6443", { HTTPS_PROXY: "proxy:3128" }, PROXY],
  ["a proxy for SOCKS", "https://c:6443", { HTTPS_PROXY: "socks5h://proxy:1080" }, "socks5://proxy:1080"],
  ["no HTTP_PROXY for a server with TLS", "https://c:6443", { HTTP_PROXY: PROXY }, undefined],
  ["no proxy at all", "https://c:6443", {}, undefined],
])("[U] the environment names %s", (_claim, server, env, expected) => {
  expect(proxyFor(server, env as Record<string, string>)).toBe(expected);
});

test("[U] `proxy-url` of the kubeconfig goes before the environment, and NO_PROXY does not count for it", () => {
  const env = { HTTPS_PROXY: "http://b", NO_PROXY: "*" };
  expect(proxyFor("https://c:6443", env, PROXY)).toBe(PROXY);
  expect(proxyFor("https://127.0.0.1:6443", env, PROXY)).toBe(PROXY);
});

test.each([
  ["https://c.example.com:6443", "*"],
  ["https://c.example.com:6443", "c.example.com"],
  ["https://c.example.com:6443", "other, C.Example.com"],
  ["https://c.example.com:6443", "example.com"],
  ["https://c.example.com:6443", ".example.com"],
  ["https://c.example.com:6443", "*.example.com"],
  ["https://c.example.com:6443", "example.com:6443"],
  ["https://c.example.com", "example.com:443"],
  ["https://10.1.2.3:6443", "10.1.2.3"],
  ["https://10.1.2.3:6443", "10.0.0.0/8"],
  ["https://[fd00::1]:6443", "fd00::1"],
  ["https://[fd00::1]:6443", "[fd00::1]:6443"],
  ["https://[fd00::1]:6443", "fd00:0::0:1"],
  ["https://[fd00::1]:6443", "fd00::/8"],
  ["https://localhost:6443", ""],
  ["https://127.0.0.5:6443", ""],
  ["https://[::1]:6443", ""],
])("[U] %s is reached without a proxy where NO_PROXY is %j", (server, noProxy) => {
  for (const name of ["NO_PROXY", "no_proxy"])
    expect(proxyFor(server, { HTTPS_PROXY: PROXY, [name]: noProxy })).toBeUndefined();
});

test.each([
  ["https://c.example.com:6443", ""],
  ["https://c.example.com:6443", "xample.com"],
  ["https://example.com:6443", ".example.com"],
  ["https://c.example.com:6443", "example.com:443"],
  ["https://10.1.2.3:6443", "10.1.0.0/24"],
  ["https://10.1.2.3:6443", "10.0.0.0/99"],
  ["https://10.1.2.3:6443", "fd00::/8"],
  ["https://c.example.com:6443", "10.0.0.0/8"],
])("[U] %s is reached by the proxy where NO_PROXY is %j", (server, noProxy) => {
  expect(proxyFor(server, { HTTPS_PROXY: PROXY, NO_PROXY: noProxy })).toBe(PROXY);
});

test.each([
  ["the kubeconfig's `proxy-url`", {}, "ftp://me:pw@proxy"],
  ["the kubeconfig's `proxy-url`", {}, "proxy"],
  ["HTTPS_PROXY", { HTTPS_PROXY: "ftp://me:pw@proxy" }, undefined],
])("[U] %s must be a proxy: it is named, and not shown", (title, env, own) => {
  expect(() => proxyFor("https://c:6443", env as Record<string, string>, own)).toThrow(
    `${title} must be a URL that begins with http://, https:// or socks5://`,
  );
});

test("[U] messages show a proxy without its password", () => {
  expect(showProxy(new URL("http://me:pw@proxy:3128/x"))).toBe("http://proxy:3128");
});
