import type { ProtocolName } from '@bytespike/kernel';

import { openExchange } from '../translation/exchange.js';
import { CURIOUS_REQUESTS } from './client-requests.js';
import { nextBody, toolFields } from './client-turns.js';
import { between, protocolNames, VENDORS, type TestVendor } from './pairs.js';
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

/** A client's whole loop: what each vendor was sent, and what the client was told at last. */
export function toolLoop(client: ProtocolName, targets: readonly ProtocolName[]) {
  let body: object = { ...CURIOUS_REQUESTS[client], ...toolFields(client, 'look', 'ask') };
  let told: object = {};
  const sent = TURNS.map((script, index): Sent => {
    const target = targets[index] ?? client;
    const vendor = thinker(target);
    const exchange = openExchange(JSON.stringify(body), { ...between({ client, target }, vendor), stream: false });
    told = JSON.parse(exchange.answer(JSON.stringify(vendorAnswer(target, script))).body) as object;
    body = nextBody(client, body, told);
    return { turn: script.turn, target, vendor: vendor.vendor, body: exchange.body };
  });
  return { sent, told };
}

/** Every state of every vendor, so that none is found where it does not belong. */
export const STATES = protocolNames.flatMap((owner) =>
  TURNS.map(({ turn }) => ({ owner, turn, data: stateOf(owner, turn) })),
);
