import type { Bus } from '@bytespike/bus';
import { createLocalBus } from '@bytespike/bus/testing';
import { createPrisma, type PrismaClient } from '@bytespike/database';
import { withTestDatabase } from '@bytespike/database/testing';
import { digestKey } from '@bytespike/secrets';
import { createLogger } from '@bytespike/telemetry';

import { consoleApi } from '../service.js';

export const PEPPER = 'a pepper that is long enough';
export const OPERATOR = 'op-byts-the-operator-of-this-test';

/** A token that manages an account and is no operator's. */
export const CUSTOMER = 'mk-byts-the-customer-of-this-test';

/** What stands around console-api before it starts: whoever answers it, and what is already known. */
export interface Surroundings {
  readonly bus: Bus;
  readonly prisma: PrismaClient;
}

export interface ConsoleUnderTest {
  readonly prisma: PrismaClient;
  /** The address that operators' routes stand below. */
  readonly admin: string;
  /** Asks an operators' route, as the operator `olga` unless another token is given. */
  readonly send: (method: string, path: string, body?: unknown, token?: string) => Promise<Answer>;
  readonly stop: () => Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Console-api on a database and a bus of its own. */
export async function runConsole(prepare: (around: Surroundings) => Promise<unknown>): Promise<ConsoleUnderTest> {
  const database = await withTestDatabase();
  const prisma = createPrisma(database.url);
  const bus = createLocalBus();
  await prepare({ bus, prisma });
  const environment = { DATABASE_URL: database.url, KEY_PEPPER: PEPPER, CONSOLE_API_PORT: '0' };
  const logger = createLogger({ service: 'test', level: 'silent' });
  const running = await consoleApi.start({ environment, bus, logger });
  const tokens = [
    { id: 'tok_1', secret: OPERATOR, role: 'operator' },
    { id: 'tok_2', secret: CUSTOMER, role: 'management' },
  ];
  await prisma.identityAccessToken.createMany({
    data: tokens.map(({ id, secret, role }) => ({
      id,
      role,
      digest: digestKey(secret, PEPPER),
      hint: 'h',
      actor: 'olga',
    })),
  });
  const admin = `${running.addresses['console-api']}/api/v1/admin`;
  return {
    prisma,
    admin,
    send: async (method, path, body, token = OPERATOR) => {
      const response = await fetch(`${admin}/${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      return { status: response.status, body: (await response.json()) as Answer['body'] };
    },
    stop: async () => {
      await running.drain(1_000);
      await prisma.$disconnect();
      await database.drop();
    },
  };
}
