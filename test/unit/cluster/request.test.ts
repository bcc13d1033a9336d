import { ClusterError, isAlreadyExists, isConflict, isForbidden, isNotFound } from "../../../provider/cluster/errors";
import { openStream, type Request, requestJson } from "../../../provider/cluster/request";
import { refusal } from "../../support/fakeApiServer";
import { serverForEach, until } from "./support";

const each = serverForEach();

const read: Request = { method: "GET", path: "/api/v1/namespaces/jobs/pods/a", deed: "read Pod jobs/a" };
const make: Request = {
  method: "POST",
  path: "/api/v1/namespaces/jobs/pods",
  body: { a: 1 },
  deed: "create Pod jobs/a",
};

const errorOf = (request: Request): Promise<ClusterError> =>
  requestJson(each.connection, request).then(
    () => {
      throw new Error("was not refused");
    },
    (error: unknown) => {
      expect(error).toBeInstanceOf(ClusterError);
      return error as ClusterError;
    },
  );

describe("a request", () => {
  test("[U] carries credentials, and asks for JSON", async () => {
    each.api.answers.push({ status: 200, body: { kind: "Pod" } });
    await expect(requestJson(each.connection, read)).resolves.toEqual({ kind: "Pod" });
    const [received] = each.api.requests;
    expect(received).toMatchObject({
      method: "GET",
      path: read.path,
      query: {},
      headers: { accept: "application/json, */*", "user-agent": "pulumi-jobrun", authorization: "Bearer of-the-test" },
    });
    expect(received?.headers).not.toHaveProperty("content-type");
  });

  test("[U] names the kind of its body: JSON, unless said otherwise", async () => {
    each.api.answers.push({ status: 201 }, { status: 200 });
    await requestJson(each.connection, make);
    await requestJson(each.connection, { ...make, method: "PATCH", contentType: "application/merge-patch+json" });
    expect(each.api.requests.map(({ headers, body }) => [headers["content-type"], body])).toEqual([
      ["application/json", { a: 1 }],
      ["application/merge-patch+json", { a: 1 }],
    ]);
  });

  test("[U] keeps selectors whole in its query", async () => {
    each.api.answers.push({ status: 200 });
    const query = { labelSelector: "pulumi-jobrun/kind=run,app.kubernetes.io/name=a b", limit: "500" };
    await requestJson(each.connection, { ...read, query });
    expect(each.api.requests[0]?.query).toEqual(query);
  });

  test.each(["/k8s/clusters/c-1", "/k8s/clusters/c-1/"])("[U] goes below the server's own path %s", async (prefix) => {
    each.api.answers.push({ status: 200 });
    await requestJson({ ...each.connection, server: each.api.url + prefix }, read);
    expect(each.api.requests[0]?.path).toBe(`/k8s/clusters/c-1${read.path}`);
  });
});

describe("a refusal", () => {
  test.each([
    [403, "Forbidden", "pods is forbidden", isForbidden],
    [404, "NotFound", 'pods "a" not found', isNotFound],
    [409, "AlreadyExists", 'pods "a" already exists', isAlreadyExists],
  ])("[U] of status %i says what was done to what, and why not", async (status, reason, message, kind) => {
    each.api.answers.push(refusal(status, reason, message));
    const error = await errorOf(make);
    expect(error.message).toBe(`cannot create Pod jobs/a: ${status} ${reason} - ${message}`);
    expect(error).toMatchObject({ status, reason });
    expect(kind(error)).toBe(true);
  });

  test("[U] for want of a right names the rule that gives it", async () => {
    const message =
      'pods is forbidden: User "ci" cannot create resource "pods" in API group "" in the namespace "jobs"';
    each.api.answers.push(refusal(403, "Forbidden", message));
    expect((await errorOf(make)).message).toMatch(
      /^cannot create Pod jobs\/a: 403 Forbidden - user "ci" must have the right .* \{apiGroups: \[""\], resources: \["pods"\], verbs: \["create"\]\}$/,
    );
  });

  test("[U] of something in between that speaks no JSON is quoted, and not at length", async () => {
    each.api.answers.push({ status: 500, body: `<html>Bad gateway of the ingress${" ".repeat(5_000)}</html>` });
    const { message } = await errorOf(read);
    expect(message).toMatch(/^cannot read Pod jobs\/a: 500 .*<html>Bad gateway of the ingress/);
    expect(message.length).toBeLessThan(300);
  });

  test("[U] that is no overload comes through at once", async () => {
    each.api.answers.push(refusal(500, "InternalError", "etcd"), { status: 200 });
    await errorOf(read);
    expect(each.api.requests).toHaveLength(1);
  });
});

describe("an overloaded server", () => {
  test("[U] is asked again when it says so, and then answers", async () => {
    each.api.answers.push(refusal(429, "TooManyRequests", "later", "1"), { status: 200, body: { kind: "Pod" } });
    const start = performance.now();
    await expect(requestJson(each.connection, read)).resolves.toEqual({ kind: "Pod" });
    expect(performance.now() - start).toBeGreaterThanOrEqual(950);
    expect(each.api.requests).toHaveLength(2);
  });

  test.each([502, 503, 504])("[U] that answers %i without a time is asked again soon", async (status) => {
    each.api.answers.push(refusal(status, "Unavailable", "later"), { status: 200 });
    await requestJson(each.connection, make);
    expect(each.api.requests.map(({ body }) => body)).toEqual([{ a: 1 }, { a: 1 }]);
  });
});

describe("a stream that is refused for an overload", () => {
  const open = () => openStream(each.connection, read, new AbortController().signal).catch((error: unknown) => error);

  test.each([
    ["seconds", refusal(429, "TooManyRequests", "later", "3"), 3],
    ["a date that has passed", refusal(503, "Unavailable", "later", new Date(0).toUTCString()), 0],
    ["the details", { status: 429, body: { reason: "TooManyRequests", details: { retryAfterSeconds: 2 } } }, 2],
    ["nothing", refusal(429, "TooManyRequests", "later"), undefined],
  ])("[U] is not repeated, and the error holds how long to wait: %s", async (_claim, answer, retryAfterSeconds) => {
    each.api.answers.push(answer, { status: 200 });
    expect(await open()).toMatchObject({ status: answer.status, retryAfterSeconds });
    expect(each.api.requests).toHaveLength(1);
  });
});

describe("a connection", () => {
  test.each(["POST", "PUT", "PATCH", "DELETE"] as const)("[U] that breaks in a %s repeats it", async (method) => {
    each.api.answers.push({ status: 200, breaks: "before" }, { status: 200, body: { done: true } });
    await expect(requestJson(each.connection, { ...make, method })).resolves.toEqual({ done: true });
    expect(each.api.requests.map((received) => [received.method, received.body])).toEqual([
      [method, { a: 1 }],
      [method, { a: 1 }],
    ]);
  });

  test.each(["GET", "POST"] as const)("[U] that breaks within the answer to a %s repeats all of it", async (method) => {
    const body = { text: "x".repeat(100_000) };
    each.api.answers.push({ status: 200, body, breaks: "inBody" }, { status: 200, body });
    await expect(requestJson(each.connection, { ...make, method })).resolves.toEqual(body);
    expect(each.api.requests.map(({ headers }) => headers.range)).toEqual([undefined, undefined]);
  });

  test.each([
    ["AlreadyExists", isAlreadyExists],
    ["Conflict", isConflict],
  ])("[U] that broke after the deed was done shows in the %s that follows", async (reason, kind) => {
    each.api.answers.push({ status: 201, breaks: "before" }, refusal(409, reason, "a is there"));
    const error = await errorOf(make);
    expect(kind(error)).toBe(true);
    expect(error.wasRepeated).toBe(true);
    each.api.answers.push(refusal(409, reason, "a is there"));
    expect((await errorOf(make)).wasRepeated).toBe(false);
  });
});

describe("a signal", () => {
  test("[U] ends a request that is not answered, with its own reason", async () => {
    each.api.answers.push({ status: 200, hangs: true });
    const stop = new AbortController();
    const asked = requestJson(each.connection, { ...read, signal: stop.signal });
    await until(() => each.api.requests.length === 1);
    stop.abort(new Error("stopped"));
    await expect(asked).rejects.toThrow("stopped");
  });

  test("[U] ends the pause before a repetition", async () => {
    each.api.answers.push(refusal(429, "TooManyRequests", "later", "60"));
    const stop = new AbortController();
    const asked = requestJson(each.connection, { ...read, signal: stop.signal });
    await until(() => each.api.requests.length === 1);
    stop.abort();
    await expect(asked).rejects.toMatchObject({ name: "AbortError" });
    expect(each.api.requests).toHaveLength(1);
  });
});

describe("an answer that is not Kubernetes'", () => {
  test.each([
    [
      "a page",
      { status: 200, body: "<html>Please log in</html>" },
      /: the answer is not Kubernetes'.*<html>Please log in/,
    ],
    [
      "a page for an error",
      { status: 403, body: "<html>Blocked</html>" },
      /: 403 - the answer is not Kubernetes'.*<html>Blocked/,
    ],
    ["text", { status: 200, body: "ok" }, /: the answer is not Kubernetes'.* It begins: ok$/],
  ])("[U] is reported as such: %s", async (_claim, answer, message) => {
    each.api.answers.push(answer);
    expect((await errorOf(read)).message).toMatch(message);
  });

  test("[U] does not mean that an object is gone: 404 of something in between", async () => {
    each.api.answers.push(
      { status: 404, body: "<html>No such page</html>" },
      { status: 404, body: "404 page not found" },
    );
    expect(isNotFound(await errorOf(read))).toBe(false);
    expect(isNotFound(await errorOf(read))).toBe(false);
  });

  test("[U] may be a line of text of the server's own", async () => {
    each.api.answers.push({ status: 500, body: "etcdserver: no leader\n" });
    expect((await errorOf(read)).message).toBe("cannot read Pod jobs/a: 500 - etcdserver: no leader");
  });
});
