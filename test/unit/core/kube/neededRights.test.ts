import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { optionalRights, type Purpose, purposeOf, requiredRights } from "../../../../provider/core/kube/neededRights";
import type { Right } from "../../../../provider/core/kube/rights";
import { repositoryRoot } from "../../../cluster/paths";

const purposes: readonly Purpose[] = ["job", "task", "daemon", "daemonOnJobs"];
const page = (name: string): string => readFileSync(join(repositoryRoot(), "docs", name), "utf8");

interface PolicyRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** Rights as `create batch/jobs`, each once, sorted. */
const told = (rights: readonly Right[]): string[] =>
  [...new Set(rights.map(({ verb, apiGroup, resource }) => `${verb} ${apiGroup}/${resource}`))].toSorted();

function rightsOfRole(): Right[] {
  const objects = parseAllDocuments(page("rbac.yaml")).map((document) => document.toJS() as { kind: string });
  const role = objects.find(({ kind }) => kind === "Role") as unknown as { rules: readonly PolicyRule[] };
  return role.rules.flatMap(({ apiGroups, resources, verbs }) =>
    apiGroups.flatMap((apiGroup) =>
      resources.flatMap((resource) => verbs.map((verb) => ({ verb, apiGroup, resource }))),
    ),
  );
}

/** The cells of the table below that heading, without its head. */
function tableBelow(heading: string): string[][] {
  const [, text = ""] = page("rbac.md").split(`\n## ${heading}\n`);
  const [section = ""] = text.split("\n## ");
  const rows = section.split("\n").filter((line) => line.startsWith("|"));
  return rows.slice(2).map((row) =>
    row
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll("`", "")),
  );
}

const rightsOfCells = (apiGroup = "", resource = "", verbs = ""): Right[] =>
  verbs
    .split(", ")
    .filter(Boolean)
    .map((verb) => ({ verb, apiGroup, resource }));

test("[U] the Role of the docs gives what is needed, optional rights too, and nothing else", () => {
  const needed = purposes.flatMap((purpose) => [
    ...requiredRights(purpose),
    ...optionalRights(purpose).flatMap(({ rights }) => rights),
  ]);
  expect(told(rightsOfRole())).toEqual(told(needed));
});

test.each(purposes.map((purpose, i) => [purpose, i] as const))(
  "[U] the docs tell exactly what is needed for the purpose %s",
  (purpose, i) => {
    const cells = tableBelow("What is needed");
    const rights = cells.flatMap(([group, resource, ...columns]) => rightsOfCells(group, resource, columns[i]));
    expect(told(rights)).toEqual(told(requiredRights(purpose)));
  },
);

test("[U] the docs tell what can be done without, for which runs, and what is lost", () => {
  const called = { task: "task runs", daemon: "daemon runs", daemonOnJobs: "daemon runs" } as const;
  for (const purpose of ["task", "daemon", "daemonOnJobs"] as const) {
    const rows = tableBelow("What is told of a run").filter(([, , , runs = ""]) => runs.includes(called[purpose]));
    expect(rows.map(([, , , , lost]) => lost)).toEqual(optionalRights(purpose).map(({ lost }) => lost));
    expect(told(rows.flatMap((row) => rightsOfCells(...row)))).toEqual(
      told(optionalRights(purpose).flatMap(({ rights }) => rights)),
    );
  }
});

test.each([
  ["task", undefined, "task"],
  ["daemon", undefined, "daemon"],
  ["daemon", "auto", "daemon"],
  ["daemon", "deployment", "daemon"],
  ["daemon", "job", "daemonOnJobs"],
] as const)("[U] a %s run with the backend %s has the purpose %s", (mode, backend, purpose) => {
  expect(purposeOf(mode, backend)).toBe(purpose);
});
