import { Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";

/** A resource that exists but is not what it should be, in the form in which the engine keeps it in state. */
export interface Unhealthy {
  readonly id: string;
  readonly properties: Struct;
  readonly inputs?: Struct;
  readonly reason: string;
}

/** The error that makes the engine keep the resource, and fail. */
export function unhealthy({ id, properties, inputs, reason }: Unhealthy): ServiceError {
  const failed = new ErrorResourceInitFailed();
  failed.setId(id);
  failed.setProperties(properties);
  if (inputs !== undefined) failed.setInputs(inputs);
  failed.setReasonsList([reason]);
  const detail = new Any();
  detail.pack(failed.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const answer = new Status();
  answer.setCode(status.UNKNOWN);
  answer.setMessage(reason);
  answer.addDetails(detail);
  const metadata = new Metadata();
  // Go's gRPC reads structured errors from a header of this name.
  metadata.set("grpc-status-details-bin", Buffer.from(answer.serializeBinary()));
  return toServiceError(reason, { metadata });
}

/** Whatever went wrong, as an answer: nothing exists, or nothing has changed. */
export function toServiceError(
  message: string,
  { code = status.UNKNOWN, metadata = new Metadata() }: { code?: status; metadata?: Metadata } = {},
): ServiceError {
  return Object.assign(new Error(message), { code, details: message, metadata });
}
