export { describeBus, type BusPair, type MakeBusPair } from './conformance/describe-bus.js';
export { createLocalBus } from './local-bus.js';
