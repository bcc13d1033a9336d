import { fakeNodes } from "../../support/fakeNodes";
import { openDoor, type DoorArm } from "../doors";
import type { Bench, Row, Take } from "../row";
import { numbers } from "../works";

const RUNS = 50;
const INDICES = 10;

/** Creates so many runs at once, in one process, and counts until all have their results. */
async function counted(bench: Bench, arm: DoorArm, { runs, placement, pair }: Some): Promise<ReturnType<Traffic>> {
  const { direct, remove } = await bench.namespace(`requests-${arm.toLowerCase()}`);
  const { place, traffic } = bench.counted(direct, `requests-${arm}-${runs}-${pair}`);
  const door = await openDoor(arm, place);
  const all = numbers(runs).map(async (i) => {
    const work = { name: `run-${i}`, indices: numbers(INDICES), command: ["true"], placement, waits: true };
    const { ok, message } = await door.create(work, await door.check(work));
    if (!ok) throw new Error(message);
  });
  await Promise.all(all);
  const seen = traffic();
  await door.close();
  await remove();
  return seen;
}

type Traffic = ReturnType<Bench["counted"]>["traffic"];
type Some = { readonly runs: number; readonly placement: object; readonly pair: number };

async function pairOf(bench: Bench, { placement, pair }: Omit<Some, "runs">, take: Take): Promise<void> {
  for (const arm of ["P", "O", "D"] as const) {
    const many = bench.count(RUNS);
    const one = await counted(bench, arm, { runs: 1, placement, pair });
    const all = await counted(bench, arm, { runs: many, placement, pair });
    take("requests for one run", arm, one.requests, "");
    take("requests for each further run", arm, (all.requests - one.requests) / (many - 1), "");
    take("received for one run", arm, one.receivedBytes / 1_024, "KiB");
    take("received for each further run", arm, (all.receivedBytes - one.receivedBytes) / (many - 1) / 1_024, "KiB");
    take("TLS handshakes for one run", arm, one.handshakes, "");
    take("TLS handshakes for all", arm, all.handshakes, "");
    take("most open watches", arm, all.watches.most, "");
  }
}

const RECORDS =
  "P sends one request a run, its Job. Ours also has a record, so that a run survives crashes and its pods: looked for, written before the Job, read once more after it, and given the result and two marks in the end.";

/** P7 */
export const requests: Row = {
  id: "P7",
  title: "cost in requests",
  mostPairs: 1,
  work: `From the call of Create to the result: one run of ${INDICES} indices, then ${RUNS} of them at once, each time by a new process.`,
  targets: [
    { figure: "requests for one run", arms: ["O", "P"], atMost: 0.5, why: RECORDS },
    { figure: "requests for each further run", arms: ["O", "P"], atMost: 0.4, why: RECORDS },
    {
      figure: "TLS handshakes for all",
      arms: ["O"],
      atMost: 2,
      why: "HTTP/1.1 needs a connection for each request under way (32 at most) and for each watch; with HTTP/2 one connection that breaks would take all of them along.",
    },
  ],
  notes: [
    "The proxy that counts speaks HTTP/1.1 alone. Without it P's client would speak HTTP/2, over one connection.",
  ],
  measure: async (bench, take) => {
    const nodes = await fakeNodes("bench-requests", 4);
    for (let pair = 0; pair < bench.pairs; pair++) await pairOf(bench, { placement: nodes.placement, pair }, take);
    await nodes.end();
  },
};
