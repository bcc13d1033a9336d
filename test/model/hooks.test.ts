import fc from "fast-check";
import { commands, program } from "./commands";
import { World } from "./world";

jest.mock("node:timers/promises", () => jest.requireActual<typeof import("./pauses")>("./pauses").worldTimers());

/** More of them want more time, and find more: `SEQUENCES=2000 npm run test:model`. */
const SEQUENCES = Number(process.env["SEQUENCES"] ?? 50);
/** Always the same few, unless more are asked for: so what fails is what has been changed. */
const SEED = process.env["SEED"] ?? (process.env["SEQUENCES"] === undefined ? 1 : undefined);

jest.setTimeout(60_000 + SEQUENCES * 1_000);

test("[M] whatever users, clusters and networks do, another `up` ends it, nothing runs twice, and a destroy leaves nothing", async () => {
  const law = fc.asyncProperty(
    program,
    fc.commands(commands, { maxCommands: 12, size: "+1" }),
    async (program, script) => {
      const world = new World(program);
      try {
        await fc.asyncModelRun(() => ({ model: {}, real: world }), script);
        await world.settle();
        world.judge();
      } catch (error) {
        throw new Error([JSON.stringify(program), ...world.story, String(error)].join("\n"), { cause: error });
      }
    },
  );
  await fc.assert(law, { numRuns: SEQUENCES, ...(SEED !== undefined && { seed: Number(SEED) }) });
});
