import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { newCustomer, type Customer } from './accounts.js';
import { verifyLedger } from './ledger.js';
import { eventually, platform, postJson } from './platform.js';
import { clearFaults } from './simulator.js';

interface Day {
  readonly day: string;
  readonly model: string;
  readonly requests: string;
  readonly ours: { readonly inputTokens: string; readonly outputTokens: string; readonly cost: string };
  readonly beyond: readonly string[];
  readonly free: { readonly attempts: string };
}

const HEADER = 'model,day,cost_usd,output_tokens,input_tokens';
const REQUESTS = 6;

let folder: string;
let customer: Customer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bytespike-reconcile-'));
  customer = await newCustomer('100.00');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(clearFaults);

/** What `npm run ledger -- reconcile --json` says of an export, and the code it leaves with. */
async function reconcile(lines: readonly string[]): Promise<{ code: number | null; days: readonly Day[] }> {
  const file = join(folder, 'export.csv');
  writeFileSync(file, `${[HEADER, ...lines].join('\n')}\n`);
  const args = ['--no-warnings', 'tools/ledger.mjs', 'reconcile', '--vendor', 'anthropic', '--file', file];
  const env = { ...process.env, DATABASE_URL: platform.urls.database };
  const child = spawn(process.execPath, [...args, '--tolerance', '0', '--json'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, days: JSON.parse(said) as Day[] };
}

const messages = (content: string, extra: object = {}) =>
  postJson(
    '/v1/messages',
    { model: 'claude-sonnet-4-6', max_tokens: 512, messages: [{ role: 'user', content }], ...extra },
    { 'anthropic-version': '2023-06-01', authorization: `Bearer ${customer.key}` },
  );

const lineOf = ({ day, model, ours }: Day): string =>
  [model, day, ours.cost, ours.outputTokens, ours.inputTokens].join(',');
const nothingOf = (day: string): string => `nothing,${day},0,0,0`;
const today = (): string => new Date().toISOString().slice(0, 10);
const keyOf = ({ day, model }: Day): string => `${day} ${model}`;

describe("a vendor's export of simulated traffic", () => {
  it('agrees with the book to the token, free attempts apart, and shows the one row that is false', async () => {
    // Other specs have left traffic of their own: what this one adds is compared with what its answers said.
    const days = [...new Set([today(), new Date(Date.now() + 600_000).toISOString().slice(0, 10)])];
    const before = new Map((await reconcile(days.map(nothingOf))).days.map((day) => [keyOf(day), day]));
    const said = { input: 0n, output: 0n };
    for (let count = 0; count < REQUESTS; count += 1) {
      const { usage } = (await (await messages(`say: ${'word '.repeat(count + 1)}`)).json()) as {
        usage: { input_tokens: number; output_tokens: number };
      };
      said.input += BigInt(usage.input_tokens);
      said.output += BigInt(usage.output_tokens);
    }
    // One that broke off is free for the customer; the vendor may bill it.
    const broken = await messages('[[fault: no-terminator]]\ncount to 40', { stream: true });
    await expect(broken.text()).rejects.toThrow();
    const after = await eventually(async () => {
      const { days: now } = await reconcile(days.map(nothingOf));
      const added = now.reduce(
        (sum, day) => sum + BigInt(day.requests) - BigInt(before.get(keyOf(day))?.requests ?? 0),
        0n,
      );
      return added >= BigInt(REQUESTS) ? now : undefined;
    }, 60_000);

    const added = (read: (day: Day) => string): bigint =>
      after.reduce((sum, day) => {
        const earlier = before.get(keyOf(day));
        return sum + BigInt(read(day)) - BigInt(earlier ? read(earlier) : 0);
      }, 0n);
    expect([added(({ ours }) => ours.inputTokens), added(({ ours }) => ours.outputTokens)]).toEqual([
      said.input,
      said.output,
    ]);
    expect(added(({ free }) => free.attempts)).toBeGreaterThan(0n);

    const honest = after.filter(({ requests }) => requests !== '0');
    expect(await reconcile(honest.map(lineOf))).toMatchObject({ code: 0 });
    const [first, ...others] = honest;
    const falsified = {
      ...first!,
      ours: { ...first!.ours, outputTokens: String(BigInt(first!.ours.outputTokens) + 1n) },
    };
    const { code, days: compared } = await reconcile([lineOf(falsified), ...others.map(lineOf)]);
    expect(code).toBe(1);
    expect(compared.filter(({ beyond }) => beyond.length > 0)).toMatchObject([
      { day: first!.day, model: first!.model, beyond: ['outputTokens'] },
    ]);
    expect(await verifyLedger()).toMatchObject({ code: 0 });
  });
});
