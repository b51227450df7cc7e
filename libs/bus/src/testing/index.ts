export { createLocalBus } from './local-bus.js';
