import { KeptTails } from "../../../provider/resources/keptTails";
import type { Teller } from "../../../provider/core/status/tails";
import { toPodView } from "../../../provider/core/status/views";
import { ended, pod, running } from "../support/cluster";

type Facts = Parameters<typeof pod>[1];

const teller = (index: number, facts: Facts = { state: ended(1) }): Teller => ({
  pod: toPodView(pod(index, facts)),
  previous: false,
});
const open = new AbortController().signal;

/** Tails whose logs come when the test says so. */
function tailsWith({ parallel = 3 } = {}) {
  const asked: string[] = [];
  const answers: PromiseWithResolvers<string>[] = [];
  const readLog = ({ pod: { name } }: Teller): Promise<string> => {
    asked.push(name);
    const answer = Promise.withResolvers<string>();
    answers.push(answer);
    return answer.promise;
  };
  const tails = new KeptTails({ readLog, parallel });
  const texts = async (): Promise<Record<string, string | undefined>> =>
    Object.fromEntries([...(await tails.all(open))].map(([index, { text }]) => [index, text]));
  const answer = async (text: string | Error): Promise<void> => {
    const next = answers.shift();
    if (text instanceof Error) next?.reject(text);
    else next?.resolve(text);
    await new Promise(setImmediate);
  };
  return { tails, asked, texts, answer };
}

test("[U] logs are read a few at a time, all of them in the end", async () => {
  const { tails, asked, texts, answer } = tailsWith({ parallel: 2 });
  tails.read([0, 1, 2].map((index) => teller(index)));
  expect(asked).toEqual(["nightly-0-0", "nightly-1-0"]);
  const all = texts();
  await answer("a");
  expect(asked).toHaveLength(3);
  await answer("b");
  await answer("c");
  expect(await all).toEqual({ 0: "a", 1: "b", 2: "c" });
});

test("[U] a log is not read again before there is something new in it", async () => {
  const { tails, asked, texts, answer } = tailsWith();
  for (let look = 0; look < 3; look++) tails.read([teller(0)]);
  await answer("a");
  tails.read([teller(0)]);
  expect(asked).toEqual(["nightly-0-0"]);
  tails.read([teller(0, { attempt: 1, state: ended(1) })]);
  await answer("b");
  expect(asked).toEqual(["nightly-0-0", "nightly-0-1"]);
  expect(await texts()).toEqual({ 0: "b" });
});

test("[U] of one pod nothing is read twice at a time: an answer that is late must not hide a newer one", async () => {
  const { tails, asked, texts, answer } = tailsWith();
  tails.read([teller(0, { state: running(), deleting: true })]);
  tails.read([teller(0)]);
  expect(asked).toHaveLength(1);
  await answer("so far");
  expect(asked).toHaveLength(2);
  await answer("to the end");
  expect(await texts()).toEqual({ 0: "to the end" });
});

test("[U] what could not be read leaves what was known, and why", async () => {
  const { tails, answer } = tailsWith();
  tails.read([teller(0), teller(1)]);
  await answer("a");
  await answer(new Error("gone"));
  tails.read([teller(0, { attempt: 1, state: ended(1) })]);
  await answer(new Error("away"));
  const kept = await tails.all(open);
  expect(kept.get(0)).toMatchObject({ text: "a", teller: { pod: { name: "nightly-0-0" } }, error: new Error("away") });
  expect(kept.get(1)).toMatchObject({ error: new Error("gone") });
  expect(kept.get(1)).not.toHaveProperty("text");
});

test("[U] what is forgotten is not kept, also when its log comes later", async () => {
  const { tails, texts, answer } = tailsWith();
  tails.read([teller(0), teller(1)]);
  tails.only([1]);
  await answer("a");
  await answer("b");
  expect([...tails.known]).toEqual([1]);
  expect(await texts()).toEqual({ 1: "b" });
});

test("[U] whoever can wait no longer gets what there is, and nothing more is asked", async () => {
  const { tails, asked, answer } = tailsWith({ parallel: 1 });
  const over = new AbortController();
  tails.read([teller(0), teller(1)]);
  await answer("a");
  const all = tails.all(over.signal);
  over.abort();
  expect([...(await all).keys()]).toEqual([0]);
  await answer("b");
  expect(asked).toHaveLength(2);
  tails.read([teller(2)]);
  expect((await tails.all(over.signal)).size).toBe(2);
});
