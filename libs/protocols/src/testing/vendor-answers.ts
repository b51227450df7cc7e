import type { ProtocolName } from '@bytespike/kernel';

/** What a scripted vendor does in one turn: it thinks, perhaps speaks, and calls. */
export interface Scripted {
  readonly turn: number;
  readonly thought?: string;
  readonly text?: string;
  readonly calls: readonly { readonly name: string; readonly city: string }[];
}

/** The opaque state of one turn, so that whoever gets it back can be told by looking at it. */
export const stateOf = (protocol: ProtocolName, turn: number): string =>
  Buffer.from(`state of ${protocol} turn ${turn} `.repeat(3)).toString('base64');

const callId = (protocol: ProtocolName, turn: number, index: number): string =>
  ({
    'anthropic-messages': `toolu_${turn}${index}`,
    'openai-responses': `call_r${turn}${index}`,
    'openai-chat': `call_${index.toString().padStart(2, '0')}_t${turn}`,
    'gemini-generate': `g${turn}${index}`,
  })[protocol];

/** A whole answer of each wire, from the reference (protocols 1.1 to 1.4), with the state its vendor wants back. */
const ANSWERS: Readonly<Record<ProtocolName, (script: Scripted) => object>> = {
  'anthropic-messages': ({ turn, thought, text, calls }) => ({
    id: `msg_${turn}`,
    type: 'message',
    role: 'assistant',
    model: 'm',
    content: [
      ...(thought === undefined
        ? []
        : [{ type: 'thinking', thinking: thought, signature: stateOf('anthropic-messages', turn) }]),
      ...(text === undefined ? [] : [{ type: 'text', text }]),
      ...calls.map(({ name, city }, index) => ({
        type: 'tool_use',
        id: callId('anthropic-messages', turn, index),
        name,
        input: { city },
      })),
    ],
    stop_reason: calls.length > 0 ? 'tool_use' : 'end_turn',
    stop_sequence: null,
    usage: { input_tokens: 10, output_tokens: 5 },
  }),
  'openai-responses': ({ turn, thought, text, calls }) => ({
    id: `resp_${turn}`,
    object: 'response',
    created_at: 1_760_000_000,
    status: 'completed',
    model: 'm',
    output: [
      ...(thought === undefined
        ? []
        : [
            {
              type: 'reasoning',
              id: `rs_${turn}`,
              summary: [{ type: 'summary_text', text: thought }],
              encrypted_content: stateOf('openai-responses', turn),
            },
          ]),
      ...(text === undefined
        ? []
        : [
            {
              type: 'message',
              id: `msg_${turn}`,
              role: 'assistant',
              status: 'completed',
              content: [{ type: 'output_text', text, annotations: [] }],
            },
          ]),
      ...calls.map(({ name, city }, index) => ({
        type: 'function_call',
        id: `fc_${turn}${index}`,
        call_id: callId('openai-responses', turn, index),
        name,
        arguments: JSON.stringify({ city }),
        status: 'completed',
      })),
    ],
    usage: {
      input_tokens: 10,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: 5,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: 15,
    },
  }),
  'openai-chat': ({ turn, thought, text, calls }) => ({
    id: `chatcmpl-${turn}`,
    object: 'chat.completion',
    created: 1_760_000_000,
    model: 'm',
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: text ?? null,
          ...(thought !== undefined && { reasoning_content: thought }),
          ...(calls.length > 0 && {
            tool_calls: calls.map(({ name, city }, index) => ({
              id: callId('openai-chat', turn, index),
              type: 'function',
              function: { name, arguments: JSON.stringify({ city }) },
            })),
          }),
        },
        finish_reason: calls.length > 0 ? 'tool_calls' : 'stop',
      },
    ],
    usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
  }),
  'gemini-generate': ({ turn, thought, text, calls }) => ({
    responseId: `r${turn}`,
    modelVersion: 'm',
    candidates: [
      {
        index: 0,
        content: {
          role: 'model',
          parts: [
            ...(thought === undefined ? [] : [{ text: thought, thought: true }]),
            ...(text === undefined ? [] : [{ text }]),
            // One signature for a group of parallel calls, on the first of them.
            ...calls.map(({ name, city }, index) => ({
              functionCall: { id: callId('gemini-generate', turn, index), name, args: { city } },
              ...(index === 0 && { thoughtSignature: stateOf('gemini-generate', turn) }),
            })),
          ],
        },
        finishReason: 'STOP',
      },
    ],
    usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 5, totalTokenCount: 15 },
  }),
};

/** What the vendor of a protocol answers by this script. */
export const vendorAnswer = (protocol: ProtocolName, script: Scripted): object => ANSWERS[protocol](script);
