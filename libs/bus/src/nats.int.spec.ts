import { createBus } from './create-bus.js';
import { describeBus } from './testing/index.js';

const natsUrl = String(process.env['TEST_NATS_URL']);

describeBus('across NATS', async () => ({
  server: await createBus({ name: 'server', natsUrl }),
  client: await createBus({ name: 'client', natsUrl }),
}));
