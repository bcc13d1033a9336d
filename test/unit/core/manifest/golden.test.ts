import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { allObjects } from "../../support/objects";

/** `UPDATE_GOLDEN=1` rewrites every expected file (then `npm run format`): read the difference before it is committed. */
const update = process.env["UPDATE_GOLDEN"] === "1";
const folder = join(__dirname, "golden");
const cases = readdirSync(folder).flatMap((file) => /^(.*)[.]input[.]json$/.exec(file)?.[1] ?? []);
const read = (file: string): unknown => JSON.parse(readFileSync(join(folder, file), "utf8"));

test("[U] there are goldens", () => {
  expect(cases.length).toBeGreaterThan(0);
});

test.each(cases)("[U] the objects of %s are the golden ones", (name) => {
  const objects = allObjects(read(`${name}.input.json`) as Parameters<typeof allObjects>[0]);
  const output = `${name}.output.json`;
  if (update) writeFileSync(join(folder, output), `${JSON.stringify(objects, null, 2)}\n`);
  expect(JSON.parse(JSON.stringify(objects))).toEqual(read(output));
});
