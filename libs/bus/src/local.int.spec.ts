import { createLocalBus, describeBus } from './testing/index.js';

describeBus('in one process', async () => {
  const bus = createLocalBus();
  return { server: bus, client: bus };
});
