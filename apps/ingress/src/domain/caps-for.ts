import type { Cap, Principal } from '@bytespike/contracts';

/** The caps that hold for a request for this model: all but those of other models. */
export const capsFor = ({ caps }: Pick<Principal, 'caps'>, model: string): Cap[] =>
  caps.filter(({ subject }) => !subject.startsWith('model:') || subject === `model:${model}`);

/** The caps of the caller itself, whatever it asks for. */
export const capsOfCaller = ({ caps }: Pick<Principal, 'caps'>): Cap[] =>
  caps.filter(({ subject }) => !subject.startsWith('model:'));
