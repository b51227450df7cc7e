import { LRUCache } from 'lru-cache';
import type { Subject } from '../wire/wire.js';
import { faultsInPrompt, splitModel } from './fault-marks.js';
import type { FaultPlan } from './fault-plan.js';
import { parseFaults } from './fault-plan.js';

const INJECTIONS_MAX = 1_000;
const COUNTED_PROMPTS_MAX = 10_000;

/** A fault set through the control endpoint: strikes the next `times` calls that match. */
export interface Injection {
  readonly vendor?: string;
  readonly model?: string;
  readonly key?: string;
  readonly fault: string;
  readonly times: number;
}

export interface Struck {
  readonly vendor: string;
  readonly key: string | undefined;
  readonly header: string | undefined;
  readonly subject: Subject | undefined;
  /** Whether the call generates: listings and the like use up no injection. */
  readonly method: string;
}

export interface FaultDesk {
  inject(injection: Injection): void;
  clear(): void;
  pending(): readonly Injection[];
  planFor(call: Struck): FaultPlan | undefined;
}

/** Decides which faults strike a call: header, model suffix, prompt mark, then what tests injected. */
export const createFaultDesk = (): FaultDesk => {
  let injections: Injection[] = [];
  const strikes = new LRUCache<string, number>({ max: COUNTED_PROMPTS_MAX });

  const takeInjection = ({ vendor, key, subject, method }: Struck): string | undefined => {
    if (injections.length === 0 || method !== 'POST') return undefined;
    const model = subject === undefined ? undefined : splitModel(subject.model).name;
    const index = injections.findIndex(
      (injection) =>
        (injection.vendor ?? vendor) === vendor &&
        (injection.model === undefined || injection.model === model) &&
        (injection.key === undefined || injection.key === key),
    );
    const found = injections[index];
    if (found === undefined) return undefined;
    injections = injections.flatMap((injection, at) => {
      if (at !== index) return [injection];
      return injection.times > 1 ? [{ ...injection, times: injection.times - 1 }] : [];
    });
    return found.fault;
  };

  const isStruck = (plan: FaultPlan, call: Struck): boolean => {
    if (plan.only !== undefined && plan.only !== call.vendor) return false;
    if (plan.times === undefined) return true;
    const counted = `${call.vendor} ${call.subject?.model ?? ''} ${call.subject?.prompt ?? ''}`;
    const before = strikes.get(counted) ?? 0;
    strikes.set(counted, before + 1);
    return before < plan.times;
  };

  return {
    inject: (injection) => {
      injections = [...injections, injection].slice(-INJECTIONS_MAX);
    },
    clear: () => {
      injections = [];
    },
    pending: () => injections,
    planFor: (call) => {
      const asked = [
        call.header,
        call.subject && splitModel(call.subject.model).faults,
        call.subject && faultsInPrompt(call.subject.prompt),
        takeInjection(call),
      ].filter((text) => text !== undefined);
      if (asked.length === 0) return undefined;
      const plan = parseFaults(asked.join(';'));
      return isStruck(plan, call) ? plan : undefined;
    },
  };
};
