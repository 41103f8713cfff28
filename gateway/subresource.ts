// What a subresource is: a call with an answer, a stream, or something of upstream's that is not there yet.
import type { Client } from "@knvirt/kubernetes";
import type { Executors } from "./executors.ts";
import type { Peer } from "./peer.ts";

export interface SubresourceRequest {
  version: string;
  resource: Subresource["resource"];
  namespace: string;
  name: string;
  /** As the API server's roles name it. */
  subresource: string;
  verb: "get" | "update";
  /** What the path says after the subresource: port and protocol of a forward. */
  rest: string[];
  query: URLSearchParams;
}

/** As messages name the object that a call is about. */
export const objectOf = ({
  resource,
  namespace,
  name,
}: Pick<SubresourceRequest, "resource" | "namespace" | "name">) => `${resource.slice(0, -1)} ${namespace}/${name}`;

export interface Call {
  client: Client;
  executors: Executors;
  wanted: SubresourceRequest;
}

export interface PlainCall extends Call {
  /** Of the request; empty when it had none. */
  body: Record<string, unknown>;
}

/** Without a body the answer is empty, as upstream's is. */
export type Answer = { code: 200 | 202 } & ({ body?: object } | { bytes: Buffer; contentType: string });

export type Method = "GET" | "PUT";

export type Subresource = {
  resource: "virtualmachines" | "virtualmachineinstances";
  method: Method;
  /** As the API server's roles name it. */
  path: string;
  /** The path goes on with what is no matter of rights. */
  takesMore?: true;
} & (
  | { answer(call: PlainCall): Promise<Answer> }
  /** Resolves once the other end is open. */
  | { stream(call: Call): Promise<Peer> }
  /** What can be done instead, or what is missing. */
  | { lacks: string }
);
