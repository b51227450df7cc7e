import type { Contract, ContractGroup, HandlersFor, RpcContract, StreamContract } from '@bytespike/contracts';

const SUBJECT = /^[a-z][a-z0-9-]*\.v[1-9][0-9]*\.[a-z][a-z0-9-]*$/;

export type ServedContract = RpcContract | StreamContract;

const isServed = (contract: Contract): contract is ServedContract => contract.kind !== 'topic';

/** Refuses a subject that does not say owner, version and verb. */
export function checkSubject(contract: Contract): void {
  if (SUBJECT.test(contract.subject)) return;
  throw new Error(
    `malformed subject '${contract.subject}': write it '<owner>.v<n>.<verb>' in lower case, such as 'billing.v1.hold'`,
  );
}

/** The calls of a group, each with its key; refuses two entries that share a subject. */
export function servedContracts(group: ContractGroup): readonly (readonly [string, ServedContract])[] {
  const entries: (readonly [string, ServedContract])[] = [];
  const keys = new Map<string, string>();
  for (const [key, contract] of Object.entries(group)) {
    checkSubject(contract);
    const other = keys.get(contract.subject);
    if (other !== undefined)
      throw new Error(
        `subject '${contract.subject}' is declared by both '${other}' and '${key}': give one of them its own verb`,
      );
    keys.set(contract.subject, key);
    if (isServed(contract)) entries.push([key, contract]);
  }
  return entries;
}

/** The startup check: one function per contract that is served, no more, no fewer. */
export function checkHandlers<G extends ContractGroup>(group: G, handlers: HandlersFor<G>): void {
  const contracts = new Map(servedContracts(group));
  for (const [key, contract] of contracts) {
    if (typeof Reflect.get(handlers, key) === 'function') continue;
    throw new Error(`no handler for '${contract.subject}': add '${key}' to the handlers that serve it`);
  }
  for (const key of Object.keys(handlers)) {
    if (contracts.has(key)) continue;
    throw new Error(`handler '${key}' serves no contract: declare it in the group or remove it`);
  }
}
