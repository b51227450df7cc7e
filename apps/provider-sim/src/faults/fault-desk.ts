import { LRUCache } from 'lru-cache';
import type { Step, Subject } from '../wire/subject.js';
import { faultsInPrompt, splitModel } from './fault-marks.js';
import type { FaultPlan } from './fault-plan.js';
import { parseFaults } from './fault-plan.js';

const INJECTIONS_MAX = 1_000;
const COUNTED_PROMPTS_MAX = 10_000;

/** A fault set through the control endpoint: strikes the next `times` calls that match, or every one for a while. */
export interface Injection {
  readonly vendor?: string;
  readonly model?: string;
  readonly key?: string;
  /** Which of a render's calls is meant; without it those that generate. */
  readonly on?: Step;
  readonly fault: string;
  readonly times: number;
  /** The vendor is down until then: every call that matches is struck, whatever it is. */
  readonly untilMs?: number;
}

export interface Struck {
  readonly vendor: string;
  readonly key: string | undefined;
  readonly header: string | undefined;
  readonly subject: Subject | undefined;
  /** Whether the call generates: listings and the like use up no injection. */
  readonly method: string;
  readonly step: Step | undefined;
  readonly nowMs: number;
}

export interface FaultDesk {
  inject(injection: Injection): void;
  clear(): void;
  pending(): readonly Injection[];
  planFor(call: Struck): FaultPlan | undefined;
}

const isMeant = (injection: Injection, { vendor, key, subject, method, step }: Struck): boolean => {
  const model = subject === undefined ? undefined : splitModel(subject.model).name;
  const isStep =
    injection.on === undefined ? method === 'POST' && (step ?? 'create') === 'create' : injection.on === step;
  return (
    (isStep || (injection.on === undefined && injection.untilMs !== undefined)) &&
    (injection.vendor ?? vendor) === vendor &&
    (injection.model === undefined || injection.model === model) &&
    (injection.key === undefined || injection.key === key)
  );
};

/** Decides which faults strike a call: header, model suffix, prompt mark, then what tests injected. */
export const createFaultDesk = (): FaultDesk => {
  let injections: Injection[] = [];
  const strikes = new LRUCache<string, number>({ max: COUNTED_PROMPTS_MAX });

  const takeInjection = (call: Struck): string | undefined => {
    injections = injections.filter(({ untilMs }) => untilMs === undefined || untilMs > call.nowMs);
    const index = injections.findIndex((injection) => isMeant(injection, call));
    const found = injections[index];
    if (found === undefined || found.untilMs !== undefined) return found?.fault;
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
