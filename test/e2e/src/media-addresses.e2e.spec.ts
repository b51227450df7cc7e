import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { balanceAtRest, nano, newCustomer, type Customer } from './accounts.js';
import { askTasks, hasEnded, untilEnded, type Task } from './media/tasks.js';
import { clearOwnEnvironment, setOwnEnvironment } from './own-environment.js';
import { callGateway, eventually, mode, postJson } from './platform.js';
import { processOf, signal, untilReplaced } from './processes.js';

const WALLET_USD = '100.00';

/** Addresses that lead inside, or that readers of URLs disagree about; all for the same thing, a picture. */
const INSIDE: readonly string[] = [
  ...['http://127.0.0.1/a.png', 'https://127.0.0.1/a.png', 'https://localhost/a.png', 'https://[::1]/a.png'],
  ...['https://10.0.0.1/a.png', 'https://172.16.0.1/a.png', 'https://192.168.1.1/a.png', 'https://100.64.0.1/a.png'],
  ...['https://169.254.169.254/latest/meta-data/', 'https://[fe80::1]/a.png', 'https://[fd00::1]/a.png'],
  ...['https://0.0.0.0/a.png', 'https://[::]/a.png', 'https://224.0.0.1/a.png', 'https://255.255.255.255/a.png'],
  // An IPv4 address within an IPv6 one: mapped, compatible, NAT64, 6to4.
  ...['https://[::ffff:127.0.0.1]/a.png', 'https://[::ffff:a00:1]/a.png', 'https://[::127.0.0.1]/a.png'],
  ...['https://[64:ff9b::7f00:1]/a.png', 'https://[64:ff9b::a9fe:a9fe]/a.png', 'https://[2002:7f00:1::]/a.png'],
  // Spellings of 127.0.0.1.
  ...['https://2130706433/a.png', 'https://0x7f000001/a.png', 'https://0177.0.0.1/a.png', 'https://127.1/a.png'],
  ...['https://127.0.0.1./a.png', 'https://１２７.0.0.1/a.png'],
  // A user who looks like a host, and slashes that are none.
  ...['https://example.com@127.0.0.1/a.png', 'https://user:word@10.0.0.1/a.png', 'https:\\\\127.0.0.1\\a.png'],
  ...['https://10.0.0.1:8443/a.png', 'https://nobody.invalid/a.png'],
];
const OTHER_SCHEMES: readonly string[] = [
  ...['file:///etc/passwd', 'ftp://10.0.0.1/a.png', 'gopher://127.0.0.1:6379/_FLUSHALL', 'data:text/html,x'],
];

interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** Where an address can be given, and how what was said of it is read: at once, or by what became of the task. */
interface Door {
  readonly name: string;
  readonly give: (key: string, url: string) => Promise<Refusal>;
}

const refusalOf = (status: number, body: unknown): Refusal => {
  const { error } = body as { error?: { code: string; message: string } };
  return { status, code: error?.code ?? 'none', message: error?.message ?? JSON.stringify(body) };
};

/** A task that was taken fails for its address, in the words of a refusal. */
async function submitAndSee(key: string, submission: object): Promise<Refusal> {
  const { status, body } = await askTasks(key, 'tasks/submit', submission);
  if (status !== 200) return refusalOf(status, body);
  const ended: Task = hasEnded(body) ? body : await untilEnded(key, body.task_id);
  return refusalOf(ended.status === 'failed' ? 400 : 200, ended);
}

const DOORS: readonly Door[] = [
  {
    name: 'the first frame of a film',
    give: (key, url) => submitAndSee(key, { model: 'veo-3.1-lite', params: { prompt: 'x', image_init: url } }),
  },
  {
    name: 'a picture to be edited',
    give: async (key, image) => {
      const body = JSON.stringify({ model: 'gpt-image-2', prompt: 'x', image });
      const headers = { 'content-type': 'application/json' };
      const answer = await callGateway('/v1/images/edits', { key, method: 'POST', body, headers });
      return refusalOf(answer.status, await answer.json());
    },
  },
  {
    name: 'a callback',
    give: (key, callback_url) => submitAndSee(key, { model: 'seedance-fast', params: { prompt: 'x' }, callback_url }),
  },
];

/** What is refused for its address says so, and nothing of what is there. */
const expectOneAnswer = (refusals: readonly (Refusal & { readonly url: string })[]): void => {
  const told = refusals.map(({ status, code }) => `${status} ${code}`);
  expect(new Set(told)).toEqual(new Set(['400 invalid_param']));
  expect(new Set(refusals.map(({ message }) => message)).size).toBe(1);
};

const callers = [...new Set(['ingress', 'upstream-adapters', 'task-worker'].map(processOf))];
const restart = (name: string): Promise<number> => untilReplaced(name, signal(name, 'SIGTERM'));

describe('addresses that customers give', () => {
  let customer: Customer;
  let server: Server;
  let visits: string[];
  let origin: string;
  beforeAll(async () => {
    customer = await newCustomer(WALLET_USD);
    visits = [];
    server = createServer((request, response) => {
      visits.push(request.url ?? '');
      const inside = request.url?.startsWith('/to?') ? decodeURIComponent(request.url.slice(4)) : undefined;
      if (inside === undefined) response.writeHead(200, { 'content-type': 'text/html' }).end('<p>not a picture</p>');
      else response.writeHead(302, { location: inside }).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => void server.close());

  describe('on a platform in production', () => {
    beforeAll(async () => {
      for (const name of callers) setOwnEnvironment(name, { FOREIGN_ADDRESSES: 'public' });
      await Promise.all(callers.map(restart));
      await untilServed(customer);
    }, 150_000);
    afterAll(async () => {
      callers.forEach(clearOwnEnvironment);
      await Promise.all(callers.map(restart));
      await untilServed(customer);
    }, 150_000);

    it.each(DOORS)('are refused alike as $name, whatever is wrong with them', async ({ give }) => {
      const asked = INSIDE.map(async (url) => ({ url, ...(await give(customer.key, url)) }));
      expectOneAnswer(await Promise.all(asked));
    });

    it.each(DOORS)('of other schemes are refused as $name', async ({ give }) => {
      const refusals = await Promise.all(OTHER_SCHEMES.map((url) => give(customer.key, url)));
      expect(new Set(refusals.map(({ status }) => status))).toEqual(new Set([400]));
    });

    it('are not called', () => {
      expect(visits).toEqual([]);
    });
  });

  describe(`on a platform that takes this machine for the world (${mode})`, () => {
    const leadInside = [
      'http://169.254.169.254/latest/',
      'https://10.0.0.1/a.png',
      'http://[::ffff:a00:1]/',
      'file:///etc/passwd',
    ];

    it('are refused where they lead inside by a redirect', async () => {
      const give = DOORS[1]!.give;
      const asked = leadInside.map(async (url) => ({
        ...{ url, ...(await give(customer.key, `${origin}/to?${encodeURIComponent(url)}`)) },
      }));
      expectOneAnswer(await Promise.all(asked));
      expect(visits).toHaveLength(leadInside.length);
    });

    it('are refused where what they lead to is no picture', async () => {
      const { status, code } = await DOORS[1]!.give(customer.key, `${origin}/page`);
      expect([status, code]).toEqual([400, 'invalid_param']);
    });
  });

  it('cost nobody anything who has been refused', async () => {
    expect(await balanceAtRest(customer.key)).toEqual({ available: nano(WALLET_USD), held: 0n });
  });
});

/** Whoever was restarted serves again: one quotes a price, another asks a vendor for a picture, which a filter stops for free. */
const untilServed = ({ key }: Customer): Promise<true> =>
  eventually(async () => {
    const film = { model: 'sora-2', params: { prompt: 'a film' }, dry_run: true };
    const picture = { model: 'gpt-image-2', prompt: '[[fault: outcome=blocked]] a picture' };
    const asked = [
      askTasks(key, 'tasks/submit', film),
      postJson('/v1/images/generations', picture, { authorization: `Bearer ${key}` }),
    ];
    const statuses = await Promise.all(
      asked.map((one) =>
        one.then(
          ({ status }) => status,
          () => undefined,
        ),
      ),
    );
    return statuses.join() === '200,451' ? true : undefined;
  }, 60_000);
