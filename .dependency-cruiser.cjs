const types = ["type-only", "type-import"];
const rule = (name, comment, [from, to]) => ({ name, comment, severity: "error", from, to });

module.exports = {
  forbidden: [
    rule("no-circular", "Two files that need each other are one, or the shared part is a third.", [
      {},
      { circular: true },
    ]),
    rule("no-orphans", "Nobody imports this file: delete it.", [
      // Executables have no suffix, and are not looked into.
      { orphan: true, path: "^(provider|sdk)/", pathNot: "^provider/bin/" },
      {},
    ]),
    rule("core-is-pure", "core decides and never acts: hand it the value, or move the deed to cluster.", [
      { path: "^provider/core/" },
      {
        pathNot: ["^provider/core/", "^schema[.]json$", "node_modules/(ajv|fastest-levenshtein)/", "^(node:)?crypto$"],
        dependencyTypesNot: types,
      },
    ]),
    rule(
      "cluster-knows-no-spec",
      "cluster acts on objects: what a user's spec means is decided in core and joined in resources.",
      [
        { path: "^provider/cluster/" },
        { path: "^(sdk|provider/(core/(spec|diff|manifest)|resources|doors|hooks))", dependencyTypesNot: types },
      ],
    ),
    rule("hooks-see-the-port", "resources and doors are handed a ClusterClient: only openClusters.ts opens one.", [
      { path: "^provider/(resources|doors)/" },
      {
        path: "^provider/cluster/",
        pathNot: "^provider/cluster/(port|errors|kinds|awaitRun)[.]ts$",
        dependencyTypesNot: types,
      },
    ]),
    rule("nothing-knows-the-doors", "Doors let the engine in: nobody behind them may depend on which one.", [
      { path: "^provider/(core|cluster|resources)/" },
      { path: "^(provider/doors/|provider/(hooks|program|plugin|cli|openClusters)[.]ts$|sdk/)" },
    ]),
    rule(
      "sdk-through-the-door",
      "The SDK is captured in programs: it may use the door's text and the pure core, nothing that acts.",
      [
        { path: "^sdk/" },
        {
          path: "^provider/",
          pathNot: "^provider/(doors/dynamic/text|core/.*|program)[.]ts$",
          dependencyTypesNot: types,
        },
      ],
    ),
    rule("sdk-is-cheap", "What talks to clusters is loaded by the function that needs it, with `import()`.", [
      { path: "^sdk/" },
      { path: "^provider/program[.]ts$", dynamic: false },
    ]),
    rule("source-knows-no-test", "The product must not need its tests.", [
      { path: "^(provider|sdk)/" },
      { path: "^(test|examples)/" },
    ]),
    rule("examples-are-users", "An example imports the package by name, as a user does.", [
      { path: "^examples/" },
      { path: "^(provider|sdk|test)/" },
    ]),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)dist/|^sdk/nodejs/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { conditionNames: ["types", "require", "node", "default"] },
  },
};
