import { newCustomer, type Customer } from './accounts.js';
import { rotateSecret, startListener, verified, type Listener, type Message } from './media/callbacks.js';
import { askTasks, submitTask, untilEnded } from './media/tasks.js';
import { eventually } from './platform.js';

interface Delivery {
  readonly id: string;
  readonly status: 'pending' | 'delivered' | 'failed';
  readonly attempts: readonly { readonly status: number | null }[];
}

/** A second attempt comes seconds after the first; a machine with other work to do takes its time with both. */
const TOLD_MS_MAX = 60_000;

describe('callbacks', () => {
  let customer: Customer;
  let listener: Listener;
  let secret: string;
  beforeAll(async () => {
    customer = await newCustomer('50.00');
    listener = await startListener();
    secret = await rotateSecret(customer);
  });
  afterAll(() => listener.stop());

  const film = async (orders: string): Promise<string> => {
    const { task_id: id } = await submitTask(customer.key, {
      ...{ model: 'seedance-fast', params: { prompt: `[[fault: ${orders}]] a film` }, callback_url: listener.url },
    });
    await untilEnded(customer.key, id);
    return id;
  };
  const deliveriesOf = async (taskId: string): Promise<readonly Delivery[]> =>
    (await askTasks<{ data: Delivery[] }>(customer.key, `tasks/${taskId}/deliveries`)).body.data;
  const untilDelivered = (taskId: string): Promise<Delivery> =>
    eventually(async () => (await deliveriesOf(taskId)).find(({ status }) => status === 'delivered'), TOLD_MS_MAX);

  it('tell again whoever did not listen, by the same name and in the same words', async () => {
    listener.answerNext(500);
    const id = await film('render-ms=200');
    const [first, second] = await listener.untilTold(id, 2);
    expect([first, second].map((message) => verified(secret, message!).status)).toEqual(['completed', 'completed']);
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    const { attempts } = await untilDelivered(id);
    expect(attempts.map(({ status }) => status)).toEqual([500, 200]);
  });

  it('take a redirect for a failure', async () => {
    listener.answerNext(302);
    const id = await film('outcome=failed');
    const { attempts } = await untilDelivered(id);
    expect(attempts.map(({ status }) => status)).toEqual([302, 200]);
  });

  it('are listed for their task’s key, and told once more to whoever asks', async () => {
    const id = await film('render-ms=200');
    const { id: delivery } = await untilDelivered(id);
    const again = await askTasks(customer.key, `tasks/${id}/deliveries/${delivery}/resend`, {});
    expect(again.status).toBe(200);
    const [first, second] = await listener.untilTold(id, 2);
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    const stranger = await newCustomer('1.00');
    const strangers = await askTasks<{ error: { code: string } }>(stranger.key, `tasks/${id}/deliveries`);
    expect(strangers.body.error.code).toBe('task_not_found');
  });

  it('are signed by the old secret beside the new one for a day, and by neither for a stranger’s', async () => {
    const renewed = await rotateSecret(customer);
    const id = await film('render-ms=200');
    const [message] = await listener.untilTold(id);
    expect([secret, renewed].map((one) => verified(one, message!).task_id)).toEqual([id, id]);
    const strange = await rotateSecret(await newCustomer('1.00'));
    expect(() => verified(strange, message!)).toThrow();
    expect(() => verified(renewed, changed(message!))).toThrow();
  });
});

/** Somebody on the way has made another end of it. */
const changed = (message: Message): Message => ({ ...message, body: message.body.replace('completed', 'cancelled') });
