import { ClusterError } from "../../../provider/cluster/errors";
import { pauseAfter } from "../../../provider/cluster/repeat";

const answer = (status: number, retryAfterSeconds?: number) => new ClusterError("no", { status, retryAfterSeconds });
const broken = (code: string) => new ClusterError("no", { cause: Object.assign(new Error("broken"), { code }) });

test.each([
  ["a refused connection", broken("ECONNREFUSED"), 0, 250],
  ["a connection that breaks, the third time", broken("ECONNRESET"), 2, 1_000],
  ["a name that is not found", broken("ENOTFOUND"), 0, 250],
  ["a socket that the server closes", broken("UND_ERR_SOCKET"), 4, 4_000],
  ["an overload without a time", answer(429), 0, 250],
  ["an overload with a time", answer(429, 3), 0, 3_000],
  ["an overload that asks for nothing", answer(503, 0), 1, 0],
  ["a bad gateway", answer(502), 0, 250],
  ["an error of the server that names a time", answer(500, 2), 0, 2_000],
])("[U] %s passes: it is tried again", (_claim, error, count, pause) => {
  expect(pauseAfter(error, count)).toBe(pause);
});

test.each([
  ["the sixth failure", answer(429), 5],
  ["a server that asks for ten minutes", answer(503, 600), 0],
  ["an error of the server", answer(500), 0],
  ["a refusal", answer(403), 0],
  ["refused credentials", answer(401), 0],
  ["an object that is there", answer(409), 0],
  ["a server that is silent for a minute", broken("UND_ERR_HEADERS_TIMEOUT"), 0],
  ["a certificate of another name", broken("ERR_TLS_CERT_ALTNAME_INVALID"), 0],
  ["an error of no known kind", new ClusterError("no"), 0],
])("[U] %s does not pass: it is reported", (_claim, error, count) => {
  expect(pauseAfter(error, count)).toBeUndefined();
});
