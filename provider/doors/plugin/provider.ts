import {
  type CheckRequest,
  CheckResponse,
  type DiffRequest,
  DiffResponse,
  type InvokeRequest,
  InvokeResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import { hasUnknown } from "../../core/spec/unknown";
import { type Function, functionsOf } from "../../resources/functions";
import type { Clusters } from "../../resources/clusters";
import { jobHooks } from "../../resources/job";
import { jobRunHooks } from "../../resources/jobRun";
import { plannedJobs } from "../../resources/planned";
import { changedSettings, failuresOf } from "./config";
import { type Host, type Resource, toResource } from "./resource";
import { toFailures } from "./states";
import { fromWire, toWire } from "./values";

/** Everything that the engine may ask of the provider's resources, functions and configuration. */
export interface Provider {
  resource(urn: string): Resource;
  invoke(request: InvokeRequest): Promise<InvokeResponse>;
  checkConfig(request: CheckRequest): CheckResponse;
  diffConfig(request: DiffRequest): DiffResponse;
}

/** The provider of these clusters. */
export function providerOf(clusters: Clusters, host: Host): Provider {
  const planned = plannedJobs();
  const resources: Readonly<Record<string, Resource>> = {
    "jobrun:index:Job": toResource(jobHooks(clusters, planned), host),
    "jobrun:index:JobRun": toResource(jobRunHooks(clusters, planned), host),
  };
  return {
    resource: (urn) => known(resources, typeOf(urn), "resource type"),
    invoke: (request) => invoke(clusters, host, request),
    checkConfig,
    diffConfig,
  };
}

/** The last of the types in the URN is the resource's own, behind those of its parents. */
const typeOf = (urn: string): string => urn.split("::")[2]?.split("$").at(-1) ?? "";

function known<T>(table: Readonly<Record<string, T>>, token: string, what: string): T {
  const found = table[token];
  if (found === undefined) throw new Error(`jobrun has no ${what} ${token}; there is ${Object.keys(table).join(", ")}`);
  return found;
}

async function invoke(clusters: Clusters, host: Host, request: InvokeRequest): Promise<InvokeResponse> {
  const { props } = fromWire(request.getArgs());
  const call = known<Function>(functionsOf(clusters), request.getTok(), "function");
  if (hasUnknown(props)) throw new Error(`${request.getTok()} must have arguments that are known`);
  const { result, secret } = await call(props, host.engine().logFor(""));
  const response = new InvokeResponse();
  response.setReturn(toWire({ ...result }, secret ? Object.keys(result) : []));
  return response;
}

function checkConfig(request: CheckRequest): CheckResponse {
  const { props, secrets } = fromWire(request.getNews());
  const response = new CheckResponse();
  const kubeconfig = "kubeconfig" in props ? ["kubeconfig"] : [];
  response.setInputs(toWire(props, [...secrets, ...kubeconfig]));
  response.setFailuresList(toFailures(failuresOf(props)));
  return response;
}

/** Where resources are with other settings is for each of them to say. */
function diffConfig(request: DiffRequest): DiffResponse {
  const before = fromWire(request.getOldInputs()).props;
  const changed = changedSettings(before, fromWire(request.getNews()).props);
  const response = new DiffResponse();
  const { DIFF_SOME, DIFF_NONE } = DiffResponse.DiffChanges;
  response.setChanges(changed.length > 0 ? DIFF_SOME : DIFF_NONE);
  response.setDiffsList(changed);
  return response;
}
