import { openDoor } from "../doors";
import type { Row } from "../row";

const LOADING =
  "Node alone takes 30 ms and loading its gRPC library 50 to 70 ms before any line of ours runs; the rest is some 160 small files of ours, and the time grows with the load of the machine.";

/** P1 */
export const coldStart: Row = {
  id: "P1",
  title: "cold start",
  work: "From the start of the provider's process to the answer to the first Check, with handshake and configuration between.",
  targets: [
    { figure: "start to first Check", arms: ["O", "P"], atMost: 1, why: LOADING },
    { figure: "start to first Check", arms: ["O"], atMost: 150, why: LOADING },
  ],
  measure: async ({ pairs, namespace }, take) => {
    const { direct, remove } = await namespace("start");
    const work = { name: "run", indices: [0], command: ["true"], waits: true };
    for (let pair = 0; pair < pairs; pair++)
      for (const arm of ["P", "O", "D"] as const) {
        const door = await openDoor(arm, direct);
        take("start to configured", arm, performance.now() - door.begun, "ms");
        await door.check(work);
        take("start to first Check", arm, performance.now() - door.begun, "ms");
        await door.close();
      }
    await remove();
  },
};
