import Ajv, { type Options, type ValidateFunction } from "ajv";
import { inputSchema, type Token, typesSchema } from "./schema";

/** How the shape of inputs is checked. */
export const options: Options = { allErrors: true, strict: false, verbose: true, inlineRefs: false };

const ajv = new Ajv(options).addSchema(typesSchema());
const validators = new Map<Token, ValidateFunction>();

/**
 * What checks the shape of inputs. To compile it takes longer than everything else that the plugin does until it answers
 * for the first time, so the build puts the outcome in place of this file: `provider/tools/compileValidators.mts`.
 */
export function validatorOf(token: Token): ValidateFunction {
  const known = validators.get(token);
  if (known !== undefined) return known;
  const compiled = ajv.compile(inputSchema(token));
  validators.set(token, compiled);
  return compiled;
}
