const transform = {
  "^.+[.]ts$": [
    "@swc/jest",
    { jsc: { target: "es2023", parser: { syntax: "typescript" } }, module: { type: "commonjs" } },
  ],
};

/** One project for each layer of tests: `jest --selectProjects unit`. */
const project = (displayName, more = {}) => ({
  displayName,
  transform,
  testMatch: [`<rootDir>/test/${displayName}/**/*.test.ts`],
  modulePathIgnorePatterns: ["<rootDir>/dist/"],
  ...more,
});

const bed = { globalSetup: "<rootDir>/test/support/bed.ts" };

/** Measurements that need the test cluster: `npm run bench`. */
const bench = project("bench", { ...bed, testMatch: ["<rootDir>/test/bench/figures.ts"] });

export default {
  // The daemons and retries of one test file wait while another's work.
  maxWorkers: 4,
  projects: [
    project("unit"),
    project("property"),
    project("model"),
    project("contract", bed),
    project("e2e", bed),
    project("record", bed),
    project("faults", bed),
    bench,
  ],
};
