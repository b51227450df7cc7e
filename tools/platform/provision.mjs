// What a development platform holds before its first request: catalogue, channels, demo account, play money.
import { spawn } from 'node:child_process';
import { join } from 'node:path';

import { root } from '../infra/places.mjs';

/** Writes the catalogue, the channels and the demo account; idempotent, so it runs at every start. */
export async function seed({ environment, secrets, given, channels }) {
  const upstream = Object.entries(given).filter(([name]) => name.startsWith('BYTESPIKE_UPSTREAM_'));
  // A channel file names variables of the user's own; nothing but the seed sees them.
  const channelSecrets = channels ? Object.entries(given) : [];
  const child = spawn(process.execPath, ['--no-warnings', join(root, 'dist/seed/main.js')], {
    env: {
      ...Object.fromEntries([...channelSecrets, ...upstream]),
      ...environment,
      SEED_KEYS: JSON.stringify(secrets.keys),
      SEED_SIMULATOR: `http://${environment.PROVIDER_SIM_HOST}:${environment.PROVIDER_SIM_PORT}`,
      ...(channels && { SEED_CHANNELS: channels }),
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk) => (said += chunk));
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(said.trim() || 'seeding failed');
}

const DEMO_CREDIT_USD = '10000.00';

/** Play money for the demo account, once: the transaction's id, which names the amount, makes a repeat harmless. */
export async function creditDemoAccount(consoleApi, operator) {
  const response = await fetch(`${consoleApi}/api/v1/admin/credits`, {
    method: 'POST',
    headers: { authorization: `Bearer ${operator}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      account_id: 'acc_demo',
      amount_usd: DEMO_CREDIT_USD,
      reason: 'demo credit',
      transaction_id: `demo-credit-${DEMO_CREDIT_USD}`,
    }),
  });
  if (!response.ok)
    throw new Error(`the demo account could not be credited: ${response.status} ${await response.text()}`);
}
