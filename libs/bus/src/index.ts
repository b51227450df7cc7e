export type { Bus, BusLogger, FactHandler, QueueOptions, Served, SubscribeOptions } from './bus.js';
export { createBus, type CreateBusOptions } from './create-bus.js';
export { mayHaveArrived } from './errors.js';
export { readFact } from './nats/fact-message.js';
export { BusTransport, serving, type Serving } from './transport.js';
