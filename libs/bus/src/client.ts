import type {
  CallContext,
  ClientFor,
  ContractGroup,
  RpcContract,
  StreamContract,
  StreamRequest,
  StreamSink,
} from '@bytespike/contracts';

import { GatewayError, LIMITS } from '@bytespike/kernel';

import { callLocally, streamLocally } from './local-path.js';
import type { Registry } from './registry.js';
import { servedContracts, type ServedContract } from './subjects.js';

/** How a call leaves this process. */
export interface RemotePath {
  call(contract: RpcContract, input: unknown, context: CallContext): Promise<unknown>;
  stream(
    contract: StreamContract,
    request: StreamRequest<unknown>,
    sink: StreamSink<unknown>,
    context: CallContext,
  ): Promise<unknown>;
}

/** A record of functions for a group. Where each goes is decided at every call: a neighbour may start later. */
export function clientFor<G extends ContractGroup>(group: G, registry: Registry, remote: RemotePath): ClientFor<G> {
  const functions = servedContracts(group).map(([key, contract]) => [key, localFirst(contract, registry, remote)]);
  // The keys are those of the group's calls and each function was made from its contract, which is what the type says.
  return Object.fromEntries(functions) as ClientFor<G>;
}

function localFirst(contract: ServedContract, registry: Registry, remote: RemotePath) {
  const { subject } = contract;
  if (contract.kind === 'rpc')
    return (input: unknown, context: CallContext) => {
      const served = registry.find(subject);
      if (served?.kind !== 'rpc') return remote.call(contract, input, context);
      return registry.track(subject, callLocally(served, input, context));
    };
  return (request: StreamRequest<unknown>, sink: StreamSink<unknown>, context: CallContext) => {
    if (request.body && request.body.length > LIMITS.textBodyBytesMax)
      return Promise.reject(new GatewayError('too-large', `the body for ${subject} is larger than the bus carries`));
    const served = registry.find(subject);
    if (served?.kind !== 'stream') return remote.stream(contract, request, sink, context);
    return registry.track(subject, streamLocally(served, request, sink, context));
  };
}
