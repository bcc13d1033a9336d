import { ClusterError } from "../../../provider/cluster/errors";
import { type Request, requestJson } from "../../../provider/cluster/request";
import { rightsOf } from "../../../provider/cluster/rights";
import type { GrantedRule, Right } from "../../../provider/core/kube/rights";
import { type Answer, refusal } from "../../support/fakeApiServer";
import { serverForEach } from "./support";

const each = serverForEach();

const rights = () => rightsOf((request) => requestJson(each.connection, request));

const createJobs: Right = { verb: "create", apiGroup: "batch", resource: "jobs" };
const readLogs: Right = { verb: "get", apiGroup: "", resource: "pods/log" };
const jobRule: GrantedRule = { verbs: ["create"], apiGroups: ["batch"], resources: ["jobs"] };

const rules = (resourceRules: GrantedRule[] | null, incomplete = false): Answer => ({
  status: 201,
  body: { status: { resourceRules, nonResourceRules: [], incomplete } },
});
const access = (allowed: boolean): Answer => ({ status: 201, body: { status: { allowed } } });
const asked = (): string[] => each.api.requests.map(({ path }) => path.split("/").at(-1) ?? "");

describe("missing rights", () => {
  test("[U] are those that no rule of the user's gives", async () => {
    each.api.answers.push(rules([jobRule]));
    await expect(rights().missingRights("jobs", [createJobs, readLogs])).resolves.toEqual([readLogs]);
    expect(each.api.requests).toMatchObject([
      {
        method: "POST",
        path: "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews",
        body: {
          apiVersion: "authorization.k8s.io/v1",
          kind: "SelfSubjectRulesReview",
          spec: { namespace: "jobs" },
        },
      },
    ]);
  });

  test("[U] are asked for once in a namespace, by however many, and again in another one", async () => {
    each.api.answers.push(rules([jobRule]), rules(null));
    const client = rights();
    const many = Array.from({ length: 20 }, () => client.missingRights("jobs", [createJobs]));
    expect((await Promise.all(many)).flat()).toEqual([]);
    await expect(client.missingRights("jobs", [readLogs])).resolves.toEqual([readLogs]);
    await expect(client.missingRights("others", [createJobs])).resolves.toEqual([createJobs]);
    expect(each.api.requests.map(({ body }) => body)).toMatchObject([
      { spec: { namespace: "jobs" } },
      { spec: { namespace: "others" } },
    ]);
  });

  test("[U] are asked for one by one, each once, where the list of rules is incomplete", async () => {
    each.api.answers.push(rules([jobRule], true), access(false));
    const client = rights();
    await expect(client.missingRights("jobs", [createJobs, readLogs])).resolves.toEqual([readLogs]);
    await expect(client.missingRights("jobs", [readLogs])).resolves.toEqual([readLogs]);
    expect(asked()).toEqual(["selfsubjectrulesreviews", "selfsubjectaccessreviews"]);
    expect(each.api.requests[1]?.body).toEqual({
      apiVersion: "authorization.k8s.io/v1",
      kind: "SelfSubjectAccessReview",
      spec: { resourceAttributes: { namespace: "jobs", verb: "get", group: "", resource: "pods", subresource: "log" } },
    });
  });

  test("[U] are none where the authorizer allows what the list does not show", async () => {
    each.api.answers.push(rules([], true), access(true));
    await expect(rights().missingRights("jobs", [createJobs])).resolves.toEqual([]);
  });

  test.each([
    ["the list", [refusal(403, "Forbidden", "no")]],
    ["the list, for there is none", [refusal(404, "NotFound", "no")]],
    ["a single right", [rules([], true), refusal(403, "Forbidden", "no")]],
  ])("[U] are none when the server does not tell %s: the deed itself will be refused", async (_what, answers) => {
    each.api.answers.push(...answers);
    await expect(rights().missingRights("jobs", [createJobs])).resolves.toEqual([]);
  });

  test("[U] of a server that does not answer are an error, and asked for again", async () => {
    const ask = (request: Request) => requestJson<never>(each.connection, request);
    const silent = new ClusterError("the API server does not answer");
    const asking = jest.fn(ask).mockRejectedValueOnce(silent);
    const client = rightsOf(asking);
    await expect(client.missingRights("jobs", [createJobs])).rejects.toBe(silent);
    each.api.answers.push(rules([]));
    await expect(client.missingRights("jobs", [createJobs])).resolves.toEqual([createJobs]);
  });
});

describe("the user's name", () => {
  test("[U] is what the server takes the user for", async () => {
    each.api.answers.push({ status: 201, body: { status: { userInfo: { username: "ann" } } } });
    await expect(rights().userName()).resolves.toBe("ann");
    expect(each.api.requests).toMatchObject([
      {
        method: "POST",
        path: "/apis/authentication.k8s.io/v1/selfsubjectreviews",
        body: { kind: "SelfSubjectReview" },
      },
    ]);
  });

  test("[U] is not known of a server that does not tell", async () => {
    each.api.answers.push(refusal(404, "NotFound", "no"));
    await expect(rights().userName()).resolves.toBeUndefined();
  });
});
