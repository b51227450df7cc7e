// Secrets of a development platform: made once, kept readable by their owner only, never committed.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const token = (prefix) => `${prefix}${randomBytes(24).toString('base64url')}`;

const make = () => ({
  pepper: randomBytes(32).toString('base64'),
  credentialsKey: randomBytes(32).toString('base64'),
  webhookSecret: token('whsec_'),
  keys: {
    default: token('sk-byts-'),
    'agent-global': token('sk-byts-'),
    extended: token('sk-byts-'),
    management: token('sk-mgmt-byts-'),
    operator: token('op-byts-'),
  },
});

function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(
      `${file} cannot be read (${error.code ?? 'it is not JSON'}): put it back, or remove its folder and begin anew`,
    );
  }
}

export function developmentSecrets(file) {
  const kept = existsSync(file) ? read(file) : {};
  const secrets = { ...make(), ...kept };
  // A folder from before a secret was needed gets that one, and keeps the others.
  if (Object.keys(secrets).every((name) => name in kept)) return secrets;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  return secrets;
}
