import { runServices, type StartMessage } from './run-services.js';

const { send, exit, env } = process;
const { write } = process.stderr;
afterEach(() => {
  Object.assign(process, { send, exit, env });
  process.stderr.write = write;
});

it('tells whoever started it why it cannot start, whole, and then exits', async () => {
  const done: (StartMessage | string)[] = [];
  Object.assign(process, {
    env: { LOG_LEVEL: 'loud' },
    send: (message: StartMessage, _handle: undefined, _options: undefined, sent: () => void) => {
      done.push(message);
      sent();
    },
    exit: (code: number) => done.push(`exit ${code}`),
  });
  process.stderr.write = ((text: string) => done.push(text) > 0) as typeof write;
  await runServices('router', []);
  const reason = expect.stringMatching(/^the environment is not usable:\n {2}NATS_URL: .*\n {2}LOG_LEVEL: /);
  expect(done).toEqual([
    expect.stringMatching(/^router cannot start: the environment is not usable:\n/),
    { type: 'failed', reason },
    'exit 1',
  ]);
});
