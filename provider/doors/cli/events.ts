import { eventColumns, type RunEvent } from "../../core/report/events";
import { describeRun } from "../../resources/describeRun";
import type { Handler } from "./command";
import { type Lines, table } from "./layout";
import { type Look, printAs } from "./printable";

/** `jobrun events`. */
export const eventsHandler: Handler = async (asked, terminal) => {
  const { place, name, given } = asked;
  const described = await describeRun(place, { name, eventsNeeded: true }, { warn: terminal.tell });
  const index = given.index === undefined ? undefined : Number(given.index);
  const events = described.events.filter((event) => index === undefined || event.index === index);
  if (events.length === 0)
    terminal.tell(
      `there are no events of job run "${name}" in namespace ${place.namespace}: Kubernetes keeps them for about an hour, and those of pods that have gone are not shown`,
    );
  await printAs({ data: events, names: [], blocks: (look) => blocksOf(events, look) }, asked, terminal);
  return 0;
};

/** The events of each object below its name. */
function blocksOf(events: readonly RunEvent[], look: Look): Lines[] {
  const byObject = Map.groupBy(events, ({ about }) => about);
  return [...byObject]
    .toSorted(([, [a]], [, [b]]) => (a?.index ?? -1) - (b?.index ?? -1))
    .map(([about, some]) => [`${about}:`, ...table(eventColumns(look.now), some, look)]);
}
