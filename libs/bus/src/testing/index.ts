export { describeBus } from './conformance/describe-bus.js';
export type { BusPair, MakeBusPair } from './conformance/subject.js';
export { createLocalBus } from './local-bus.js';
