import { describeCancel } from './describe-cancel.js';
import { describeFacts } from './describe-facts.js';
import { describeFlow } from './describe-flow.js';
import { describeRpc } from './describe-rpc.js';
import { describeStartup } from './describe-startup.js';
import { describeStream } from './describe-stream.js';
import { describeTrace } from './describe-trace.js';
import { handlers, probe } from './probe.js';
import type { BusPair, MakeBusPair, Subject } from './subject.js';

/** What every bus must guarantee, whatever path its calls take. */
export function describeBus(name: string, make: MakeBusPair): void {
  describe(`${name}: the bus`, () => {
    let pair: BusPair;
    beforeEach(async () => {
      pair = await make();
    });
    afterEach(async () => {
      await Promise.all([...new Set([pair.server, pair.client])].map((bus) => bus.drain(1_000)));
    });

    const subject: Subject = {
      pair: () => pair,
      serve: async (some) => {
        await pair.server.serve(probe, handlers(some));
        return pair.client.client(probe);
      },
    };
    describeRpc(subject);
    describeStream(subject);
    describeFlow(subject);
    describeCancel(subject);
    describeTrace(subject);
    describeStartup(subject);
    describeFacts(subject);
  });
}
