import { flagField, integerField, portField, urlField } from '@bytespike/config';
import { z } from 'zod';

/** What the simulator reads from its environment. */
export const simulatorEnv = z.object({
  PROVIDER_SIM_HOST: z.string().default('127.0.0.1').describe('address the simulated vendors listen on'),
  PROVIDER_SIM_PORT: portField(8090).describe('port of the simulated vendors; 0 takes a free one'),
  PROVIDER_SIM_RECORD: flagField('on').describe('keep the last exchanges for GET /_sim/requests'),
  PROVIDER_SIM_DRIP_MS: integerField(0, { min: 0 }).describe(
    'pause between the frames of every stream; 0 sends them at once',
  ),
  PROVIDER_SIM_STRIPE_WEBHOOK_URL: urlField('http').optional().describe('where the simulated Stripe sends its events'),
  PROVIDER_SIM_STRIPE_WEBHOOK_SECRET: z.string().optional().describe('by which the simulated Stripe signs them'),
});
