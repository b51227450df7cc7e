import { runInThisContext } from 'node:vm';

const DISPATCHER = Symbol.for('undici.globalDispatcher.1');

/**
 * Lends Jest's sandbox the fetch dispatcher of the process. `@google/genai` looks for it on `globalThis`, which in a
 * sandbox is not the one that Node set up; without it every call of that SDK fails before it is sent.
 */
export const lendDispatcher = (): void => {
  runInThisContext('void new Headers()');
  const dispatcher: unknown = runInThisContext("globalThis[Symbol.for('undici.globalDispatcher.1')]");
  Object.defineProperty(globalThis, DISPATCHER, { value: dispatcher, configurable: true, writable: true });
};
