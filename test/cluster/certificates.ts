import { generateKeyPairSync } from "node:crypto";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { getProgram, run } from "./command.ts";
import type { Settings } from "./settings.ts";

type Certificate = { name: string; subject: string; hosts?: string };

const DAYS = "3650";

const certificates: Certificate[] = [
  {
    name: "apiserver",
    subject: "/CN=kube-apiserver",
    hosts: "IP:127.0.0.1,IP:10.96.0.1,DNS:localhost,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc",
  },
  {
    name: "kubelet",
    subject: "/O=system:nodes/CN=system:node:localhost",
    hosts: "DNS:localhost,IP:127.0.0.1",
  },
  { name: "admin", subject: "/O=system:masters/CN=admin" },
  { name: "controller-manager", subject: "/CN=system:kube-controller-manager" },
  { name: "scheduler", subject: "/CN=system:kube-scheduler" },
];

export function certificateFile(settings: Settings, file: string): string {
  return join(settings.folder, "certificates", file);
}

/** Makes the cluster's own authority, a certificate for each part and the key of the service accounts, once. */
export async function ensureCertificates(settings: Settings): Promise<void> {
  const done = certificateFile(settings, "done");
  if (existsSync(done)) return;
  mkdirSync(certificateFile(settings, ""), { recursive: true, mode: 0o700 });
  writeServiceAccountKeys(settings);
  await makeCertificate(settings, {
    name: "ca",
    subject: "/CN=pulumi-jobrun-test",
  });
  for (const certificate of certificates) await makeCertificate(settings, certificate);
  writeFileSync(done, "");
}

function writeServiceAccountKeys(settings: Settings): void {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  writeFileSync(certificateFile(settings, "service-account.pub"), publicKey);
  writeFileSync(certificateFile(settings, "service-account.key"), privateKey, {
    mode: 0o600,
  });
}

async function makeCertificate(settings: Settings, certificate: Certificate): Promise<void> {
  const at = (file: string) => certificateFile(settings, file);
  const isAuthority = certificate.name === "ca";
  const signer = isAuthority ? [] : ["-CA", at("ca.crt"), "-CAkey", at("ca.key")];
  writeFileSync(at(`${certificate.name}.cnf`), configuration(certificate, isAuthority));
  const openssl = getProgram("openssl", "to make the cluster's certificates");
  const files = ["-keyout", at(`${certificate.name}.key`), "-out", at(`${certificate.name}.crt`)];
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", ...files];
  const config = ["-config", at(`${certificate.name}.cnf`), "-subj", certificate.subject];
  await run([openssl, "req", "-x509", "-days", DAYS, ...key, ...config, ...signer]);
}

function configuration({ hosts }: Certificate, isAuthority: boolean): string {
  const lines = isAuthority
    ? ["basicConstraints = critical,CA:TRUE", "keyUsage = critical,keyCertSign,cRLSign"]
    : ["basicConstraints = critical,CA:FALSE", "extendedKeyUsage = serverAuth,clientAuth"];
  const names = hosts === undefined ? [] : [`subjectAltName = ${hosts}`];
  const start = ["[req]", "distinguished_name = subject", "x509_extensions = extensions", "[subject]", "[extensions]"];
  return [...start, "subjectKeyIdentifier = hash", ...lines, ...names, ""].join("\n");
}
