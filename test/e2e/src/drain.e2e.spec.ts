import { request } from 'node:http';

import { balanceAtRest, newCustomer, type Customer } from './accounts.js';
import { usageOf } from './ledger.js';
import { eventually, gateway, running } from './platform.js';
import { processOf, signal, untilReplaced } from './processes.js';
import { ask } from './readings.js';
import { release, stats } from './simulator.js';
import { countTo, wires } from './wires.js';

const STREAMS = 20;
const LAST = 150;
const name = processOf('ingress');

const readiness = async (admin: string | undefined): Promise<number> => {
  const response = await fetch(`${admin}/readyz`);
  await response.text();
  return response.status;
};

/** Status of a request on a connection of its own, or undefined when nobody takes it. */
const knock = (): Promise<number | undefined> =>
  new Promise((resolve) => {
    const knocking = request(`${gateway}/v1/models`, { agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    knocking.once('error', () => resolve(undefined));
    knocking.end();
  });

describe('the process that holds ingress, told to go while streams run', () => {
  let customer: Customer;
  beforeAll(async () => {
    customer = await newCustomer('1000.00');
  });
  afterAll(() => release());

  it('is not ready at once, finishes every stream, leaves with 0 and is started again with nothing held', async () => {
    const streaming = wires.filter(({ stream }) => stream);
    const asking = Array.from({ length: STREAMS }, (_, index) =>
      ask({
        wire: streaming[index % streaming.length]!,
        key: customer.key,
        prompt: `[[fault: hold=leaving hold-after=5]]\ncount to ${LAST}`,
        expected: countTo(LAST),
      }),
    );
    // All of them are in mid-stream, and stay there until they are let go.
    await eventually(async () => ((await stats()).waiting['leaving'] === STREAMS ? true : undefined));
    const admin = running().services[`${name}-admin`];
    expect(await readiness(admin)).toBe(200);
    const pid = signal(name, 'SIGTERM');
    await eventually(async () => ((await readiness(admin)) === 503 ? true : undefined));
    // Its grace over, it takes no new connection while it still serves the streams it has.
    await eventually(async () => ((await knock()) === undefined ? true : undefined));
    expect((await stats()).waiting['leaving']).toBe(STREAMS);
    await release('leaving');

    const readings = await Promise.all(asking);
    expect(readings.map(({ verdict }) => verdict)).toEqual(readings.map(() => 'whole'));

    await untilReplaced(name, pid);
    expect(running().ends[name]).toMatchObject({ pid, code: 0, signal: null });
    await balanceAtRest(customer.key);
    const charged = (await usageOf(customer.accountId)).map(({ requestId }) => requestId);
    expect(charged.toSorted()).toEqual(readings.map(({ requestId }) => requestId).toSorted());
    expect(await readiness(running().services[`${name}-admin`])).toBe(200);
  });
});
