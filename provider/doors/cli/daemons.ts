import { restartRun } from "../../resources/restartRun";
import { settleNow } from "../../resources/settleNow";
import type { Asked, Handler } from "./command";
import { printAs } from "./printable";
import type { Terminal } from "./terminal";

/** `jobrun restart`. */
export const restartHandler: Handler = async (asked, terminal) => {
  const { place, name, given } = asked;
  const index = given.index === undefined ? undefined : Number(given.index);
  const indices = await restartRun(place, { name, index }, { warn: terminal.tell });
  return done(asked, terminal, { indices, text: [`Restarting indices ${indices} of job run '${name}'...`, "OK"] });
};

/** `jobrun settle`. */
export const settleHandler: Handler = async (asked, terminal) => {
  const { place, name } = asked;
  const indices = await settleNow(place, name, { warn: terminal.tell });
  const what = indices === "" ? "No index has ended that still holds anything." : `Scaled to zero: indices ${indices}.`;
  return done(asked, terminal, { indices, text: [what, "OK"] });
};

interface Done {
  readonly indices: string;
  readonly text: readonly string[];
}

async function done(asked: Asked, terminal: Terminal, { indices, text }: Done): Promise<number> {
  const { name, place } = asked;
  const data = { name, namespace: place.namespace, indices };
  await printAs({ data, names: [name], blocks: () => [text] }, asked, terminal);
  return 0;
}
