import { Ajv, type Options } from "ajv";
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Token } from "../core/spec/schema.ts";

/** Puts compiled code in place of the code that compiles validators. It runs after `tsc`, as the last part of the build. */

const require = createRequire(import.meta.url);
const { default: standalone } = require("ajv/dist/standalone") as typeof import("ajv/dist/standalone/index.js");
const folder = "../../dist/provider/core/spec";
const { inputSchema, typesSchema } = require(`${folder}/schema.js`) as typeof import("../core/spec/schema.ts");
const { options } = require(`${folder}/validators.js`) as { options: Options };

const { resources, functions } = require("../../schema.json") as typeof import("../../schema.json");
const tokens = [...Object.keys(resources), ...Object.keys(functions), "jobrun:config"] as Token[];
const ajv = new Ajv({ ...options, code: { source: true } }).addSchema(typesSchema());
const names = tokens.map((token, i) => [token, `validator${i.toString()}`] as const);
for (const [token, name] of names) ajv.addSchema(inputSchema(token), name);
const compiled = standalone(ajv, Object.fromEntries(names.map(([, name]) => [name, name])));
const table = names.map(([token, name]) => `${JSON.stringify(token)}: exports.${name}`).join(", ");
writeFileSync(
  require.resolve(`${folder}/validators.js`),
  `${compiled}\nconst validators = { ${table} };\nexports.validatorOf = (token) => validators[token];\n`,
);
