const transform = {
  "^.+[.]ts$": [
    "@swc/jest",
    { jsc: { target: "es2023", parser: { syntax: "typescript" } }, module: { type: "commonjs" } },
  ],
};

/** One project a layer of tests: `jest --selectProjects unit`. */
const project = (displayName, more = {}) => ({
  displayName,
  transform,
  testMatch: [`<rootDir>/test/${displayName}/**/*.test.ts`],
  modulePathIgnorePatterns: ["<rootDir>/dist/"],
  ...more,
});

export default {
  projects: [project("unit"), project("property"), project("contract"), project("e2e")],
};
