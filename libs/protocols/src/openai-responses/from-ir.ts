import type { JsonObject } from '@bytespike/kernel';
import type { Encoded, GenerateRequest } from '@bytespike/ir';

import { limitMarks, type MarkRules } from '../cache-marks.js';
import { responsesCompatibility, type ResponsesCompatibility } from '../compatibility/responses.js';
import { given, group } from '../given.js';
import { createLossList, dropFields, extrasFor, type LossList } from '../losses.js';
import type { Addressee } from '../protocol.js';
import { FOREIGN_FIELDS } from './foreign-fields.js';
import { inputFromIr, withHolders } from './items-from-ir.js';
import { inputText } from './items-to-ir.js';
import { reasoningFromIr, thinks } from './reasoning-from-ir.js';
import type { WireRequest } from './schema.js';
import { formatFromIr, limitsFromIr, samplingFromIr } from './settings-from-ir.js';
import { TIER_FROM_IR } from './tier.js';
import { choiceFromIr, parallelFromIr, toolCallsMax, toolsFromIr } from './tools-from-ir.js';

const protocol = 'openai-responses' as const;

/** A mark without a lifetime has the shortest, which is half an hour; an hour is rounded up to the next (2.12). */
const MARKS: Omit<MarkRules, 'marksMax'> = {
  protocol,
  field: 'prompt_cache_breakpoint',
  lifetimes: { '5m': '5m', '30m': '30m', '1h': '12h', '12h': '12h' },
  lifetimesMix: 'freely',
};
const MARKS_MAX = 4;

export function requestFromIr(asked: GenerateRequest, { vendor }: Addressee): Encoded<WireRequest> {
  const to = responsesCompatibility(vendor, asked.model);
  const losses = createLossList();
  const ir = limitMarks(asked, { ...MARKS, marksMax: to.cacheMarks === 'send' ? MARKS_MAX : 0 }, losses);
  const {
    model,
    stream,
    system: _system,
    turns: _turns,
    tools,
    toolChoice,
    parallelTools,
    reasoning,
    format,
    ...more
  } = ir;
  const { verbosity, sampling, limits, caching, state, tier, identity, streamUsage: _streamUsage, ...rest } = more;
  const { extensions, ...unhandled } = rest;
  unhandled satisfies Record<string, never>;

  const thinking = thinks(reasoning, to) ? 'on' : 'off';
  const freeCalls = freeCallIds(ir);
  const { instructions, items } = inputFromIr(ir, { vendor, to, thinking, freeCalls, losses });
  const written = toolsFromIr(tools, toolChoice, { to, losses });
  dropFields(losses, 'state', state, { previousResponseId: 'L80', conversation: 'L80', background: 'L80' });
  if (caching?.auto && to.cacheMarks === 'drop') losses.drop('L83', 'caching.auto');

  const extras = extrasFor(extensions?.[protocol], { ownFields: to.ownFields, codes: FOREIGN_FIELDS }, losses);
  const { text: textExtras, reasoning: reasoningExtras, include: includeExtras, ...fields } = extras;
  const wire: WireRequest = {
    model,
    ...given({ instructions }),
    input: bareText(ir, to) ?? [...withHolders(items, written.holders)],
    ...(written.tools.length > 0 && { tools: [...written.tools] }),
    ...choiceFromIr(toolChoice, { to, losses, thinking, tools, written }),
    ...parallelFromIr(parallelTools, { to, losses }),
    ...limitsFromIr(limits?.maxOutputTokens, to, losses),
    ...toolCallsMax(ir, { to, losses }),
    ...samplingFromIr(sampling, thinking, to, losses),
    ...group('reasoning', {
      ...reasoningFromIr(reasoning, to, losses),
      ...(reasoningExtras as JsonObject | undefined),
    }),
    ...group('text', {
      ...(textExtras as JsonObject | undefined),
      format: formatFromIr(format, to, losses),
      verbosity: to.ownFields === 'send' ? verbosity : undefined,
    }),
    ...includeFromIr(ir, thinking, to, includeExtras),
    ...ownFieldsFromIr({ verbosity, tier, caching, identity }, to, losses),
    ...(stream && { stream, ...(to.ownFields === 'send' && { stream_options: { include_obfuscation: false } }) }),
    ...to.always,
    ...fields,
  };
  return { wire, losses: losses.list };
}

/** An input that came as one text goes on as one. */
function bareText({ turns, system }: GenerateRequest, to: ResponsesCompatibility): string | undefined {
  const alone = turns.length === 1 && system.every(({ slot }) => slot === 'field');
  return alone && to.ownNodes === 'replay' ? inputText(turns[0]?.raw) : undefined;
}

const freeCallIds = ({ turns }: GenerateRequest): ReadonlySet<string> =>
  new Set(
    turns.flatMap(({ parts }) =>
      parts.flatMap((part) => (part.type === 'tool-call' && part.kind === 'custom' ? [part.id] : [])),
    ),
  );

/** What an answer must hold beside its text: state for the next turn, and the sources of what was searched. */
function includeFromIr(
  { tools, sampling }: GenerateRequest,
  thinking: 'on' | 'off',
  to: ResponsesCompatibility,
  more: unknown,
): Pick<WireRequest, 'include'> {
  const searches = tools.some((tool) => tool.kind === 'hosted' && tool.family === 'web-search');
  const logprobs = sampling?.logprobs && (to.sampling === 'send' || thinking === 'off');
  const include = [
    ...(to.reasoningState === 'encrypted' ? ['reasoning.encrypted_content'] : []),
    ...(searches && to.webSearch === 'bounded' ? ['web_search_call.action.sources'] : []),
    ...(logprobs && to.ownFields === 'send' ? ['message.output_text.logprobs'] : []),
    ...(Array.isArray(more) ? more.filter((name): name is string => typeof name === 'string') : []),
  ];
  return include.length > 0 ? { include } : {};
}

type OwnFields = Pick<GenerateRequest, 'verbosity' | 'tier' | 'caching' | 'identity'>;
const USER_LENGTH_MAX = 64;

/** Fields with the meaning their inventor gave them; a look-alike that swallows one has not understood it. */
function ownFieldsFromIr(
  { verbosity, tier, caching, identity }: OwnFields,
  to: ResponsesCompatibility,
  losses: LossList,
): Partial<WireRequest> {
  const { endUser, metadata } = identity ?? {};
  if (to.ownFields === 'send') {
    const tooLong = (endUser?.length ?? 0) > USER_LENGTH_MAX;
    if (tooLong) losses.drop('L82', 'identity.endUser');
    const fast = tier?.speed === 'fast' ? 'fast' : undefined;
    return given({
      prompt_cache_key: caching?.key,
      service_tier: tier?.want ? TIER_FROM_IR[tier.want] : fast,
      safety_identifier: tooLong ? undefined : endUser,
      metadata,
    });
  }
  if (verbosity !== undefined) losses.drop('L82', 'verbosity');
  if (tier?.want !== undefined && tier.want !== 'auto') losses.drop('L82', 'tier.want');
  if (tier?.speed === 'fast') losses.drop('L82', 'tier.speed');
  dropFields(losses, 'caching', caching, { key: 'L83' });
  dropFields(losses, 'identity', identity, { endUser: 'L82', metadata: 'L82' });
  return {};
}
