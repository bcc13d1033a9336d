import { readLog } from "../../../provider/cluster/log";
import { refusal } from "../../support/fakeApiServer";
import { serverForEach } from "./support";

const each = serverForEach();
const read = (lines: number, previous = false): Promise<string> =>
  readLog(each.connection, "jobs", { pod: "nightly-0", tail: { container: "nightly", lines, previous } });
const asked = (): (string | undefined)[] => each.api.requests.map(({ query }) => query["tailLines"]);

const LIMIT = 65_536;

test("[U] the last lines of a container's log are one request", async () => {
  each.api.answers.push({ status: 200, body: "one\ntwo\n" });
  expect(await read(20, true)).toBe("one\ntwo\n");
  expect(each.api.requests).toMatchObject([
    {
      path: "/api/v1/namespaces/jobs/pods/nightly-0/log",
      query: { container: "nightly", tailLines: "20", limitBytes: LIMIT.toString(), previous: "true" },
    },
  ]);
});

test("[U] when the lines do not fit into an answer, fewer are read: the kubelet would leave out the last", async () => {
  const full = { status: 200, body: "x".repeat(LIMIT) };
  each.api.answers.push(full, full, { status: 200, body: "the last\n" });
  expect(await read(20)).toBe("the last\n");
  expect(asked()).toEqual(["20", "10", "5"]);
});

test("[U] one line that does not fit is what there is", async () => {
  const full = { status: 200, body: "x".repeat(LIMIT) };
  each.api.answers.push(full, full);
  expect(await read(3)).toHaveLength(LIMIT);
  expect(asked()).toEqual(["3", "1"]);
});

test("[U] a refusal is an error that names the pod", async () => {
  each.api.answers.push(refusal(404, "NotFound", 'pods "nightly-0" not found'));
  await expect(read(20)).rejects.toMatchObject({
    status: 404,
    message: 'cannot read the log of Pod jobs/nightly-0: 404 NotFound - pods "nightly-0" not found',
  });
});

test("[U] a node that does not answer is waited for ten seconds", async () => {
  jest.useFakeTimers({ doNotFake: ["setImmediate", "nextTick", "queueMicrotask", "performance"] });
  try {
    const arrived = Promise.withResolvers<undefined>();
    each.api.answers.push({ status: 200, hangs: true, before: () => arrived.resolve(undefined) });
    const answer = read(20);
    const told = expect(answer).rejects.toThrow("cannot read the log of Pod jobs/nightly-0: no answer within 10 s");
    await arrived.promise;
    jest.advanceTimersByTime(10_000);
    await told;
  } finally {
    jest.useRealTimers();
  }
});
