import type {
  ContractGroup,
  HandlersFor,
  RpcContract,
  RpcFunction,
  StreamContract,
  StreamFunction,
} from '@bytespike/contracts';
import { TransientSet } from '@bytespike/kernel';

import { BUS_LIMITS } from './bus-limits.js';
import type { CallLife } from './call-life.js';
import { unavailable } from './errors.js';
import { checkHandlers, servedContracts } from './subjects.js';

interface Live {
  /** What runs of it, so that it can be stopped. */
  readonly lives: TransientSet<CallLife>;
}

export interface ServedRpc extends Live {
  readonly kind: 'rpc';
  readonly contract: RpcContract;
  readonly handler: RpcFunction<RpcContract>;
}

export interface ServedStream extends Live {
  readonly kind: 'stream';
  readonly contract: StreamContract;
  readonly handler: StreamFunction<StreamContract>;
}

export type ServedCall = ServedRpc | ServedStream;

/** What this process serves, by subject, and how much of it is running. */
export class Registry {
  private readonly calls = new Map<string, ServedCall>();
  private readonly running = new Map<string, number>();
  private readonly idleListeners = new Set<() => void>();

  /** Adds a whole group or, on any mistake, nothing of it. */
  add<G extends ContractGroup>(group: G, handlers: HandlersFor<G>): readonly ServedCall[] {
    checkHandlers(group, handlers);
    const added = servedContracts(group).map(([key, contract]) => {
      if (this.calls.has(contract.subject))
        throw new Error(`'${contract.subject}' is already served in this process: serve each group once`);
      // `checkHandlers` has seen a function under this key, and `HandlersFor` gives it this contract's types.
      const lives = new TransientSet<CallLife>();
      return { kind: contract.kind, contract, handler: Reflect.get(handlers, key), lives } as ServedCall;
    });
    for (const call of added) this.calls.set(call.contract.subject, call);
    return added;
  }

  /** Waits for what runs of these calls, stops what takes longer than the limit, and serves them no longer. */
  async finish(calls: readonly ServedCall[], limitMs: number): Promise<void> {
    const subjects = calls.map(({ contract }) => contract.subject);
    await this.idle(subjects, limitMs);
    for (const { contract, lives } of calls)
      for (const life of lives) life.stop(unavailable(contract.subject, 'the process is stopping'));
    await this.idle(subjects, BUS_LIMITS.outcomeGraceMs);
    for (const subject of subjects) this.calls.delete(subject);
  }

  find(subject: string): ServedCall | undefined {
    return this.calls.get(subject);
  }

  /** Counts a call in, and out again when the returned promise settles. */
  track<T>(subject: string, call: Promise<T>): Promise<T> {
    this.running.set(subject, (this.running.get(subject) ?? 0) + 1);
    const leave = (): void => {
      this.running.set(subject, (this.running.get(subject) ?? 1) - 1);
      for (const listener of this.idleListeners) listener();
    };
    call.then(leave, leave);
    return call;
  }

  /** Resolves when none of these subjects has a call running, or when the limit has passed. */
  private idle(subjects: readonly string[], limitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const settle = (): void => {
        clearTimeout(timer);
        this.idleListeners.delete(check);
        resolve();
      };
      const check = (): void => {
        if (subjects.every((subject) => !this.running.get(subject))) settle();
      };
      const timer = setTimeout(settle, limitMs);
      this.idleListeners.add(check);
      check();
    });
  }
}
