import { CheckRequest } from "@pulumi/pulumi/proto/provider_pb";

const { Mode } = CheckRequest.AutonamingOptions;

/** What `pulumi:autonaming` says: the name to take; false: none may be made up; undefined: nothing. */
export function automaticName(request: CheckRequest): string | false | undefined {
  const options = request.getAutonaming();
  if (options === undefined) return undefined;
  return options.getMode() === Mode.DISABLE ? false : options.getProposedName();
}
