import { ClusterError, isAlreadyExists, isForbidden, isNotFound } from "../../../provider/cluster/errors";
import { type Request, requestJson } from "../../../provider/cluster/request";
import { refusal } from "../../support/fakeApiServer";
import { connectionTo, serverForEach } from "./support";

const each = serverForEach();

const read: Request = { method: "GET", path: "/api/v1/namespaces/jobs/pods/a", deed: "read Pod jobs/a" };
const make: Request = {
  method: "POST",
  path: "/api/v1/namespaces/jobs/pods",
  body: { a: 1 },
  deed: "create Pod jobs/a",
};

const errorOf = (request: Request, connection = each.connection): Promise<ClusterError> =>
  requestJson(connection, request).then(
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
      headers: { accept: "application/json", authorization: "Bearer of-the-test" },
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

  test("[U] that stays so is reported in its own words", async () => {
    each.api.answers.push(...Array.from({ length: 9 }, () => refusal(503, "Unavailable", "etcd is away")));
    expect((await errorOf(read)).message).toBe("cannot read Pod jobs/a: 503 Unavailable - etcd is away");
    expect(each.api.requests.length).toBeGreaterThan(1);
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

  test("[U] that nobody takes is reported with the server's address", async () => {
    const connection = connectionTo("http://127.0.0.1:1");
    const error = await errorOf(make, connection);
    expect(error.message).toMatch(
      /^cannot create Pod jobs\/a: the API server http:\/\/127.0.0.1:1 does not answer: .*ECONNREFUSED/,
    );
    expect(error.status).toBe(0);
    expect(error.cause).toMatchObject({ code: "ECONNREFUSED" });
    await connection.destroy();
  });
});
