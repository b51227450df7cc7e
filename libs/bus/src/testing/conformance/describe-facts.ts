import type { Subject } from './subject.js';
import { probeFacts, until } from './probe.js';

export function describeFacts({ pair }: Subject): void {
  describe('facts', () => {
    const unique = (): string => `${Date.now()}-${Math.random()}`;

    it('come once to a queue group, whichever replica is free, with codecs applied', async () => {
      const { server, client } = pair();
      const heard: unknown[] = [];
      const options = { mode: 'queue', name: 'probe' } as const;
      const listen = async (facts: readonly unknown[]) => void heard.push(...facts);
      const subscriptions = [
        await server.subscribe(probeFacts.done, options, listen),
        await server.subscribe(probeFacts.done, options, listen),
      ];
      const facts = Array.from({ length: 20 }, (_, n) => ({ id: `${n} ${unique()}`, amount: 2n ** 60n + BigInt(n) }));
      for (const fact of facts) await client.publish(probeFacts.done, fact);
      await until(() => heard.length >= facts.length);
      await Promise.all(subscriptions.map((subscription) => subscription.stop()));
      expect(heard).toHaveLength(facts.length);
      expect(heard).toEqual(expect.arrayContaining(facts));
    });

    it('come once though stated twice', async () => {
      const { server, client } = pair();
      const heard: unknown[] = [];
      const [first, last] = [
        { id: `first ${unique()}`, amount: 1n },
        { id: `last ${unique()}`, amount: 2n },
      ];
      await client.publish(probeFacts.done, first);
      await client.publish(probeFacts.done, first);
      await client.publish(probeFacts.done, last);
      const stop = await server.subscribe(probeFacts.done, { mode: 'queue', name: 'probe' }, async (facts) => {
        heard.push(...facts);
      });
      await until(() => heard.length >= 2);
      await stop.stop();
      expect(heard).toEqual([first, last]);
    });

    it('tell until when all of them have been handled', async () => {
      const { server, client } = pair();
      await client.publish(probeFacts.done, { id: `waiting ${unique()}`, amount: 1n });
      const statedBy = Date.now();
      expect(await server.handledUntil(probeFacts.done)).toBeLessThanOrEqual(statedBy);
      const subscription = await server.subscribe(
        probeFacts.done,
        { mode: 'queue', name: 'probe' },
        async () => undefined,
      );
      // The acknowledgement is under way when the handler has resolved.
      while ((await server.handledUntil(probeFacts.done)) <= statedBy) await new Promise(setImmediate);
      await subscription.stop();
    });
  });
}
