import { ClusterError } from "../../../provider/cluster/errors";
import { pauseAfter } from "../../../provider/cluster/repeat";

const answer = (status: number, retryAfterSeconds?: number) => new ClusterError("no", { status, retryAfterSeconds });
const broken = (code: string) => new ClusterError("no", { cause: Object.assign(new Error("broken"), { code }) });

const past = (count: number, waitedMs = 0, isAwaited = true) => ({ count, waitedMs, isAwaited });

test.each([
  ["a refused connection", broken("ECONNREFUSED"), past(0), 250],
  ["a connection that breaks, the third time", broken("ECONNRESET"), past(2), 1_000],
  ["a name that is not found", broken("ENOTFOUND"), past(0), 250],
  ["a socket that the server closes", broken("UND_ERR_SOCKET"), past(4), 4_000],
  ["a server that has been away for minutes", broken("ECONNREFUSED"), past(20, 240_000), 16_000],
  ["an overload without a time", answer(429), past(0), 250],
  ["an overload with a time", answer(429, 3), past(0), 3_000],
  ["an overload that goes on, with a time that is too short for it", answer(429, 1), past(5), 8_000],
  ["an overload that asks for nothing", answer(503, 0), past(1), 500],
  ["a bad gateway", answer(502), past(0), 250],
  ["an error of the server that names a time", answer(500, 2), past(0), 2_000],
  ["a server that has never answered, and asks for a time", answer(503, 30), past(0, 0, false), 30_000],
  ["a connection to a server that has never answered", broken("ECONNREFUSED"), past(4, 3_750, false), 4_000],
])("[U] %s passes: it is tried again", (_claim, error, before, pause) => {
  expect(pauseAfter(error, before)).toBe(pause);
});

test.each([
  ["a server that has been away for five minutes", broken("ECONNREFUSED"), past(24, 290_000)],
  ["a server that has never answered, for several seconds", broken("ECONNREFUSED"), past(5, 7_750, false)],
  ["a gateway that knows no server, for several seconds", answer(503), past(5, 7_750, false)],
  ["a server that asks for ten minutes", answer(503, 600), past(0)],
  ["an error of the server", answer(500), past(0)],
  ["a refusal", answer(403), past(0)],
  ["refused credentials", answer(401), past(0)],
  ["an object that is there", answer(409), past(0)],
  ["a server that is silent for a minute", broken("UND_ERR_HEADERS_TIMEOUT"), past(0)],
  ["a certificate of another name", broken("ERR_TLS_CERT_ALTNAME_INVALID"), past(0)],
  ["an error of no known kind", new ClusterError("no"), past(0)],
])("[U] %s does not pass: it is reported", (_claim, error, before) => {
  expect(pauseAfter(error, before)).toBeUndefined();
});
