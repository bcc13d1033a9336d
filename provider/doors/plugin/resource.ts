import {
  type CheckRequest,
  CheckResponse,
  type CreateRequest,
  CreateResponse,
  type DeleteRequest,
  type DiffRequest,
  DiffResponse,
  type ReadRequest,
  ReadResponse,
  type UpdateRequest,
  UpdateResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import { defined } from "../../core/kube/defined";
import { type Confidential, markedPaths } from "../../core/spec/secrets";
import type { HookContext, ResourceHooks } from "../../resources/contract";
import { shownInputs } from "../../resources/liveInputs";
import type { Engine } from "../engine";
import type { Interruption } from "../interruption";
import { inputsOf, privateKey, type Props, secretOutputs, stateOf } from "../props";
import { automaticName } from "./autonaming";
import { contextOf, type Operation, seconds } from "./context";
import { detailedDiff } from "./detailedDiff";
import { unhealthy } from "./failure";
import { inputsToWire, markedInputs, outputsToWire, stateToWire, toFailures, withState } from "./states";
import { fromWire } from "./values";

/** What the plugin's process offers to all resources in it. */
export interface Host {
  /** Another engine may attach. */
  readonly engine: () => Engine;
  readonly interruption: Interruption;
}

/** The hooks of a resource as the engine calls them. */
export interface Resource {
  check(request: CheckRequest): Promise<CheckResponse>;
  diff(request: DiffRequest): Promise<DiffResponse>;
  create(request: CreateRequest): Promise<CreateResponse>;
  read(request: ReadRequest): Promise<ReadResponse>;
  update(request: UpdateRequest): Promise<UpdateResponse>;
  delete(request: DeleteRequest): Promise<void>;
}

/** The hooks of a resource over the protocol of Pulumi's plugins: secrets are told by their paths on this side and by their form on that one. */
export function toResource<I extends Confidential>(hooks: ResourceHooks<I>, host: Host): Resource {
  const during: During = (operation, work) =>
    host.interruption.during((signal) => work(contextOf(host.engine(), { ...operation, signal })));
  return {
    check: (request) => check(hooks, during, request),
    diff: (request) => diff(hooks, during, request),
    create: (request) => create(hooks, during, request),
    read: (request) => read(hooks, during, request),
    update: (request) => update(hooks, during, request),
    delete: (request) => {
      const { props, secrets } = fromWire(request.getProperties());
      const timeouts = seconds("delete", request.getTimeout());
      return during({ urn: request.getUrn(), secrets, timeouts }, (context) => hooks.delete(context, stateOf(props)));
    },
  };
}

type During = <T>(operation: Omit<Operation, "signal">, work: (context: HookContext) => Promise<T>) => Promise<T>;

async function check<I extends Confidential>(
  hooks: ResourceHooks<I>,
  during: During,
  request: CheckRequest,
): Promise<CheckResponse> {
  const olds = fromWire(request.getOlds());
  const news = fromWire(request.getNews());
  const naming = defined({ automaticName: automaticName(request) });
  const operation = { urn: request.getUrn(), secrets: news.secrets, ...naming };
  const { inputs, failures } = await during(operation, (context) =>
    hooks.check(context, inputsOf(olds.props), inputsOf(news.props)),
  );
  const response = new CheckResponse();
  response.setInputs(inputsToWire(inputs, news.secrets));
  response.setFailuresList(toFailures(failures));
  return response;
}

const { DiffChanges } = DiffResponse;

async function diff<I extends Confidential>(
  hooks: ResourceHooks<I>,
  during: During,
  request: DiffRequest,
): Promise<DiffResponse> {
  const olds = fromWire(request.getOlds());
  const before = fromWire(request.getOldInputs());
  const news = fromWire(request.getNews());
  const found = await during({ urn: request.getUrn(), secrets: news.secrets }, (context) =>
    hooks.diff(context, stateOf(olds.props), markedInputs<I>(news)),
  );
  const response = new DiffResponse();
  response.setChanges(found.changes ? DiffChanges.DIFF_SOME : DiffChanges.DIFF_NONE);
  response.setDeletebeforereplace(found.deleteBeforeReplace);
  if (!found.changes) return response;
  response.setReplacesList([...found.replaces]);
  response.setHasdetaileddiff(true);
  const details = detailedDiff(inputsOf<Props>(before.props), inputsOf<Props>(news.props), found);
  for (const [path, kind] of details) response.getDetaileddiffMap().set(path, kind);
  response.setDiffsList([...details.keys()]);
  return response;
}

async function create<I extends Confidential>(
  hooks: ResourceHooks<I>,
  during: During,
  request: CreateRequest,
): Promise<CreateResponse> {
  const given = fromWire(request.getProperties());
  const inputs = markedInputs<I>(given);
  const timeouts = seconds("create", request.getTimeout());
  const response = new CreateResponse();
  await during({ urn: request.getUrn(), secrets: given.secrets, timeouts }, async (context) => {
    if (request.getPreview()) {
      response.setProperties(outputsToWire(await hooks.previewCreate(context, inputs), given.secrets));
      return;
    }
    const { id, state } = await withState(given.secrets, hooks.create(context, inputs));
    response.setId(id);
    response.setProperties(stateToWire(state, given.secrets));
  });
  return response;
}

async function update<I extends Confidential>(
  hooks: ResourceHooks<I>,
  during: During,
  request: UpdateRequest,
): Promise<UpdateResponse> {
  const olds = fromWire(request.getOlds());
  const given = fromWire(request.getNews());
  const [state, news] = [stateOf<I>(olds.props), markedInputs<I>(given)];
  // The engine does not tell how long a creation might take by now, and the user may have given it longer.
  const timeouts = seconds("update", request.getTimeout());
  const response = new UpdateResponse();
  await during({ urn: request.getUrn(), secrets: given.secrets, timeouts }, async (context) => {
    if (request.getPreview()) {
      const outputs = await hooks.previewUpdate(context, state, news);
      response.setProperties(outputsToWire(outputs, given.secrets, secretOutputs(state)));
    } else {
      const updated = await withState(given.secrets, hooks.update(context, state, news));
      response.setProperties(stateToWire(updated, given.secrets));
    }
  });
  return response;
}

/** Of a resource that is in no state yet, as at an import, the engine knows nothing but the id. */
async function read<I extends Confidential>(
  hooks: ResourceHooks<I>,
  during: During,
  request: ReadRequest,
): Promise<ReadResponse> {
  const olds = fromWire(request.getProperties());
  const given = fromWire(request.getInputs());
  const [id, isKnown] = [request.getId(), privateKey.state in olds.props];
  const found = await during({ urn: request.getUrn(), secrets: given.secrets }, (context) =>
    isKnown ? hooks.read(context, stateOf(olds.props)) : hooks.adopt(context, id),
  );
  const response = new ReadResponse();
  if (found === undefined) return response;
  const secrets = [...new Set([...given.secrets, ...markedPaths(found.hidden.inputs)])];
  const properties = stateToWire(found, secrets);
  const inputs = inputsToWire(shownInputs(found.hidden), secrets);
  if (found.unhealthy !== undefined) throw unhealthy({ id, properties, inputs, reason: found.unhealthy });
  response.setId(id);
  response.setProperties(properties);
  response.setInputs(inputs);
  return response;
}
