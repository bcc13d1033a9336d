import js from "@eslint/js";
import tseslint from "typescript-eslint";

/** Sizes of the house: half of all functions are far smaller. */
const sizes = {
  "max-lines": ["error", { max: 200, skipBlankLines: true, skipComments: true }],
  "max-lines-per-function": ["error", { max: 40, skipBlankLines: true, skipComments: true }],
  "max-params": ["error", 3],
  "max-depth": ["error", 3],
  // Every `??`, `?.` and default value counts as a branch here.
  complexity: ["error", 10],
};

export default tseslint.config(
  { ignores: ["dist/", "node_modules/", "sdk/nodejs/"] },
  js.configs.recommended,
  {
    files: ["**/*.ts", "**/*.mts"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { project: "./test/tsconfig.json", tsconfigRootDir: import.meta.dirname } },
    rules: {
      // A leading underscore names what a destructuring leaves out.
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      // A class gets its properties from an interface of its name that has no members of its own.
      "@typescript-eslint/no-empty-object-type": ["error", { allowInterfaces: "with-single-extends" }],
      // A type parameter that only the caller fills in says what the JSON of an answer is.
      "@typescript-eslint/no-unnecessary-type-parameters": "off",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
    },
  },
  { files: ["provider/**/*.ts", "sdk/**/*.ts", "test/cluster/**/*.ts"], rules: sizes },
  { files: ["**/*.generated.ts"], rules: { "max-lines": "off" } },
  {
    files: ["test/**/*.ts"],
    rules: {
      "max-lines": ["error", { max: 400, skipBlankLines: true, skipComments: true }],
      // `expect(mock.method)` passes methods on purpose; matchers are typed `any`.
      "@typescript-eslint/unbound-method": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
    },
  },
  { files: ["**/*.mjs", "**/*.cjs"], languageOptions: { globals: { module: "writable", process: "readonly" } } },
);
