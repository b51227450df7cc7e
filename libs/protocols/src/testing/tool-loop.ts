import type { JsonObject, ProtocolName } from '@bytespike/kernel';

import { openExchange } from '../translation/exchange.js';
import { CURIOUS_REQUESTS } from './client-requests.js';
import { nextBody, toolFields } from './client-turns.js';
import { between, protocolNames, VENDORS, wireOf, type TestVendor } from './pairs.js';
import { SDK_FOLDS } from './sdk-folds.js';
import { translateStream } from './translate-stream.js';
import { streamOf } from './vendor-bytes.js';
import { stateOf, vendorAnswer, type Scripted } from './vendor-answers.js';

/** Chat at a vendor that thinks and insists on getting its thoughts back; the owners otherwise. */
const thinker = (protocol: ProtocolName): TestVendor =>
  VENDORS[protocol].find(({ vendor }) => protocol === 'openai-chat' && vendor === 'deepseek') ?? VENDORS[protocol][0];

/** Four turns: parallel calls, one call beside text, calls after a change of vendor, and an end. */
export const TURNS: readonly Scripted[] = [
  {
    turn: 1,
    thought: 'First I look twice.',
    calls: [
      { name: 'look', city: 'Oslo' },
      { name: 'look', city: 'Rom' },
    ],
  },
  { turn: 2, thought: 'Then I ask.', text: 'One more.', calls: [{ name: 'ask', city: 'Oslo' }] },
  {
    turn: 3,
    thought: 'Somebody else goes on.',
    calls: [
      { name: 'look', city: 'Wien' },
      { name: 'ask', city: 'Bonn' },
    ],
  },
  { turn: 4, thought: 'That is all.', text: 'Sunny everywhere.', calls: [] },
];

export interface Sent {
  readonly turn: number;
  readonly target: ProtocolName;
  readonly vendor: string;
  readonly body: string;
}

/** Whether the client reads whole answers, or streams that the official SDK of its dialect folds for it. */
export type Reading = 'whole' | 'streamed';

/** Where a turn goes: to the thinker of a protocol, or to one vendor of it by name. */
export type Stop = ProtocolName | { readonly target: ProtocolName; readonly vendor: TestVendor };

/** A client's whole loop: what each vendor was sent, and what the client was told at last. */
export async function toolLoop(client: ProtocolName, stops: readonly Stop[], reading: Reading) {
  const [judge] = SDK_FOLDS[client];
  let body: object = { ...CURIOUS_REQUESTS[client], ...toolFields(client, 'look', 'ask') };
  let told: object = {};
  const sent: Sent[] = [];
  for (const [index, script] of TURNS.entries()) {
    const stop = stops[index] ?? client;
    const { target, vendor } = typeof stop === 'string' ? { target: stop, vendor: thinker(stop) } : stop;
    const options = between({ client, target }, vendor);
    const wire = wireOf(target);
    const asked = JSON.stringify(body);
    const answer = vendorAnswer(target, script);
    const exchange = openExchange(asked, { ...options, stream: reading === 'streamed' });
    sent.push({ turn: script.turn, target, vendor: vendor.vendor, body: exchange.body });
    told =
      reading === 'whole'
        ? (JSON.parse(exchange.answer(JSON.stringify(answer)).body) as object)
        : ((await judge?.fold(
            translateStream(asked, options, [streamOf(wire, wire.readAnswer(answer as JsonObject))]).text,
          )) as object);
    body = nextBody(client, body, told);
  }
  return { sent, told };
}

/** Every state of every vendor, so that none is found where it does not belong. */
export const STATES = protocolNames.flatMap((owner) =>
  TURNS.map(({ turn }) => ({ owner, turn, data: stateOf(owner, turn) })),
);
