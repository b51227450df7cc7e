import type { Answer, AnswerPart, Finish, Refused } from './answer.js';
import type { Conversation } from './conversation.js';
import { digest, idFrom } from './digest.js';
import { exchangeOf } from './exchange.js';
import { applyStopSequences, applyTokenLimit } from './limit.js';
import { performStep } from './perform-step.js';
import { parseScript } from './script.js';
import { countTokens } from './tokens.js';

const MAX_DIRECTIVE_TOKENS = 16;

/** Decides the answer to a conversation: the same conversation always gets the same one. */
export const compose = (conversation: Conversation): Answer => {
  const key = digest(JSON.stringify(conversation));
  const id = idFrom(key);
  const exchange = exchangeOf(conversation);
  const step = parseScript(exchange.prompt)[exchange.round] ?? [];
  const thinking = conversation.thinking === 'on' ? [thinkingFor(step, exchange.prompt, exchange.round)] : [];

  const refusal = step.find((directive) => directive.type === 'refuse');
  if (refusal !== undefined) return refused(id, { category: refusal.category, explanation: REFUSAL });
  if (step.some((directive) => directive.type === 'empty')) {
    return { id, parts: [], finish: 'end', outputTokens: 0, thinkingTokens: 0 };
  }
  const performed = performStep(step, { conversation, exchange, key });
  const pausing = step.some((directive) => directive.type === 'pause') ? conversation.longWork : undefined;
  const searches = performed.filter(({ type }) => type === 'search');
  if (pausing === 'pausable' && searches.length > 0) return paused(id, [...thinking, ...searches]);
  const rest = pausing === 'resumed' ? performed.filter(({ type }) => type !== 'search') : [...thinking, ...performed];
  const stopped = applyStopSequences(rest, conversation.stopSequences);
  const tokensMax = step.some((directive) => directive.type === 'max')
    ? Math.min(conversation.maxOutputTokens, MAX_DIRECTIVE_TOKENS)
    : conversation.maxOutputTokens;
  const limited = applyTokenLimit(stopped.parts, finishOf(stopped), tokensMax);
  return { id, ...limited, ...(limited.finish === 'stop-sequence' && { stopSequence: stopped.stopSequence }) };
};

const REFUSAL = 'This request was declined by a usage policy of the simulator.';

const refused = (id: string, refusal: Refused): Answer => ({
  id,
  parts: [],
  finish: 'refusal',
  refusal,
  outputTokens: 0,
  thinkingTokens: 0,
});

/** The vendor's own work, stopped half-way: what was searched is there, what is made of it comes when it is sent back. */
const paused = (id: string, parts: readonly AnswerPart[]): Answer => ({
  id,
  ...applyTokenLimit(parts, 'pause', Number.MAX_SAFE_INTEGER),
});

const finishOf = (stopped: { parts: readonly AnswerPart[]; stopSequence?: string }): Finish => {
  if (stopped.stopSequence !== undefined) return 'stop-sequence';
  return stopped.parts.some((part) => part.type === 'tool-call') ? 'tool-calls' : 'end';
};

const thinkingFor = (step: ReturnType<typeof parseScript>[number], prompt: string, round: number): AnswerPart => {
  const asked = step.find((directive) => directive.type === 'think');
  const first = prompt.split('\n', 1)[0]?.slice(0, 80) ?? '';
  const text = asked?.text ?? `Step ${round + 1}. The user wrote "${first}". I will answer just that.`;
  return { type: 'thinking', text, tokens: countTokens(text), visibility: asked?.visibility ?? 'visible' };
};
