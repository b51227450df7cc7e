import { unfoldResponse, type Encoded, type GenerateRequest, type GenerateResponse } from '@bytespike/ir';

import { createLossList } from '../losses.js';
import { encode } from './encode-stream.js';
import type { WireResponse } from './schema-events.js';

const protocol = 'openai-responses' as const;

/** A whole answer is what its own stream ends with: one renderer for both (law 5). */
export function responseFromIr(ir: GenerateResponse, asked?: GenerateRequest): Encoded<WireResponse> {
  const losses = createLossList();
  ir.parts.forEach((part, index) => {
    const path = `parts.${index}`;
    if (part.type === 'opaque' && part.protocol !== protocol) losses.drop('L71', path);
    if (part.type === 'server-tool-call' && part.family !== 'web-search') losses.drop('L71', path);
    if (part.type === 'media' && (part.kind !== 'image' || part.source.type !== 'inline')) losses.drop('L14', path);
  });
  let state = encode.start(asked);
  let response: WireResponse = { output: [] };
  for (const event of unfoldResponse(ir)) {
    const [next, chunks] = encode.step(state, event);
    state = next;
    const last = chunks.at(-1);
    if (last && 'response' in last) response = last.response as WireResponse;
  }
  return { wire: response, losses: losses.list };
}
