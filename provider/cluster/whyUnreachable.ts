import { codeOf, messageOf } from "./errors";

/** Why no answer came, and what to do about it. */
export function whyUnreachable(error: unknown, { server, proxy }: { server: string; proxy?: string }): string {
  const code = codeOf(error);
  const way = proxy === undefined ? "" : ` through the proxy ${proxy}`;
  const [verdict, advice] = explanations.find(({ codes }) => codes.test(code))?.text ?? SILENT;
  return `the API server ${server} ${verdict}${way}: ${said(error, code)}${advice}`;
}

/** Node's words and its code. Of OpenSSL's, only the reason is for readers; of a certificate, the names are what helps. */
function said(error: unknown, code: string): string {
  const { reason, cert } = error as { reason?: string; cert?: { subjectaltname?: string } };
  const words = cert === undefined ? (reason ?? messageOf(error)) : `it holds for ${cert.subjectaltname ?? "none"}`;
  return words.includes(code) ? words : `${words} (${code})`.trim();
}

type Text = readonly [verdict: string, advice: string];

const SILENT: Text = ["does not answer", ""];

const explanations: readonly { readonly codes: RegExp; readonly text: Text }[] = [
  { codes: /^ECONNREFUSED$/, text: ["does not answer", "; is the cluster running, and is its `server` right?"] },
  { codes: /^(ENOTFOUND|EAI_AGAIN)$/, text: ["is not found", "; is the name in `server` right, or a VPN needed?"] },
  {
    codes: /^(UND_ERR_CONNECT_TIMEOUT|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN)$/,
    text: ["cannot be reached", "; is a VPN or a proxy needed, or a firewall in between?"],
  },
  {
    codes: /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    text: [
      "has a certificate for another name",
      "; use a name in the certificate as `server`, or name one as `tls-server-name` of the cluster in the kubeconfig",
    ],
  },
  {
    codes: /^(CERT_HAS_EXPIRED|CERT_NOT_YET_VALID)$/,
    text: [
      "has a certificate that does not hold now",
      "; renew it, and see whether the clock of this machine is right",
    ],
  },
  {
    codes: /(SELF_SIGNED|UNABLE_TO_(GET_ISSUER|VERIFY_LEAF)|CERT_(UNTRUSTED|SIGNATURE_FAILURE))/,
    text: [
      "has a certificate of an unknown authority",
      "; set `certificate-authority` or `certificate-authority-data` of the cluster in the kubeconfig; was the cluster made anew?",
    ],
  },
  {
    codes: /^(ERR_SSL_|EPROTO)/,
    text: ["does not agree on TLS", "; is `server` right: https:// or http://, and the port?"],
  },
  { codes: /^UND_ERR_ABORTED$/, text: ["cannot be reached", "; is the proxy right, and does it let you in?"] },
];
