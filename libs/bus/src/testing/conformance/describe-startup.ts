import { rpc } from '@bytespike/contracts';
import { z } from 'zod';

import type { Subject } from './subject.js';
import { aborted, contextOf, deferred, failureOf, handlers, HEAD, keepingSink, probe, RUN } from './probe.js';

const empty = { timeoutMs: 100, input: z.object({}), output: z.object({}) };

export function describeStartup({ serve, pair }: Subject): void {
  describe('startup', () => {
    it('refuses a subject that is served already', async () => {
      await serve({});
      await expect(serve({})).rejects.toThrow(
        "'probe.v1.echo' is already served in this process: serve each group once",
      );
    });

    it('refuses a group without all its handlers', async () => {
      const { echo, run } = handlers({});
      // A cast, because the types refuse it first.
      const serving = pair().server.serve(probe, { echo, run } as ReturnType<typeof handlers>);
      await expect(serving).rejects.toThrow("no handler for 'probe.v1.ask': add 'ask' to the handlers that serve it");
    });

    it('refuses a handler that serves nothing', async () => {
      const surplus = { ...handlers({}), shout: () => undefined };
      await expect(pair().server.serve(probe, surplus)).rejects.toThrow("handler 'shout' serves no contract");
    });

    it.each(['Probe.v1.x', 'probe.x', 'probe.v0.x', 'probe.v1.x.y', 'probe.v1.>', 'probe.v1.a b'])(
      'refuses the subject %s',
      async (subject) => {
        const group = { x: rpc({ subject, ...empty }) };
        const serving = pair().server.serve(group, { x: async () => ({}) });
        await expect(serving).rejects.toThrow(`malformed subject '${subject}'`);
      },
    );

    it('refuses two contracts with one subject', async () => {
      const group = { x: rpc({ subject: 'probe.v1.x', ...empty }), y: rpc({ subject: 'probe.v1.x', ...empty }) };
      const serving = pair().server.serve(group, { x: async () => ({}), y: async () => ({}) });
      await expect(serving).rejects.toThrow("subject 'probe.v1.x' is declared by both 'x' and 'y'");
    });
  });

  describe('stopping', () => {
    it('waits for what runs and takes nothing new', async () => {
      const asked = deferred();
      const release = deferred();
      const { server, client } = pair();
      const served = await server.serve(
        probe,
        handlers({
          echo: async (note) => {
            asked.resolve();
            await release.promise;
            return note;
          },
        }),
      );
      const running = client.client(probe).echo({ text: 'running', amount: 0n }, contextOf());
      await asked.promise;
      const stopped = served.stop();
      release.resolve();
      expect(await running).toEqual({ text: 'running', amount: 0n });
      await stopped;
      const late = client.client(probe).echo({ text: 'late', amount: 0n }, contextOf());
      await expect(late).rejects.toMatchObject({ kind: 'unavailable' });
    });

    it('stops what takes longer than its limit, and the caller hears what came of it', async () => {
      const running = deferred();
      const { server, client } = pair();
      const served = await server.serve(
        probe,
        handlers({
          run: async (_request, sink, { signal }) => {
            await sink.head(HEAD);
            running.resolve();
            await aborted(signal);
            throw signal.reason;
          },
        }),
      );
      const call = client.client(probe).run(RUN, keepingSink(), contextOf());
      await running.promise;
      const failure = failureOf(() => call);
      await served.stop(10);
      expect(await failure).toMatchObject({ kind: 'unavailable', message: 'probe.v1.run: the process is stopping' });
    });
  });
}
