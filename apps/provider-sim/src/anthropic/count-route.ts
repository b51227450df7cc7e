import { splitModel } from '../faults/fault-marks.js';
import type { Call, Reply } from '../wire/wire.js';
import { Refusal } from '../wire/wire.js';
import { betasOf, versionOf } from './api-version.js';
import { checkOrder } from './check-order.js';
import type { MessagesRequest } from './messages-request.js';
import { findModel } from './models.js';
import type { Persona } from './persona.js';
import { checkCountShape } from './request-shape.js';
import { inputTokensOf, segmentsOf } from './usage.js';

/** `POST /v1/messages/count_tokens`: the same prompt, the same number as `usage` will give, nothing generated. */
export const countRoute = (persona: Persona) => {
  return (call: Call): Reply => {
    const version = versionOf(call.headers);
    const body = call.json();
    checkCountShape(body, { version, betas: betasOf(call.headers) });
    const request = body as MessagesRequest;
    const { name } = splitModel(request.model);
    const subject = { model: request.model, prompt: '' };
    if (findModel(name) === undefined) {
      throw new Refusal({ status: 404, type: 'not_found_error', message: `model: ${name}` }, subject);
    }
    checkOrder(request, version);
    return {
      type: 'json',
      status: 200,
      headers: { ...persona.headers(call), 'content-type': 'application/json' },
      body: JSON.stringify({ input_tokens: inputTokensOf(segmentsOf(request)) }),
      subject,
    };
  };
};
