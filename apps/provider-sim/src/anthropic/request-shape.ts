import { cacheControl, contentBlock, systemBlocks, thinkingConfig } from './block-shapes.js';
import type { ApiVersion } from './api-version.js';
import type { Fields, Shape } from './shape.js';
import {
  anything,
  dictionary,
  flag,
  integer,
  isRecord,
  listOf,
  nullable,
  numberBetween,
  oneOf,
  record,
  refuseAt,
  tagged,
  text,
  textOr,
} from './shape.js';
import { tool, toolChoice } from './tool-shapes.js';

const MESSAGES_MAX = 100_000;

const role: Shape = (value, path) => {
  if (value !== 'user' && value !== 'assistant' && value !== 'system')
    refuseAt(path, "Input should be 'user' or 'assistant'");
};

const message = record(
  { role, content: textOr(listOf(contentBlock)) },
  { clear_at: anything, output_config: dictionary },
);

/** A thread may be gone on with by saying nothing: its answer was a pause. */
const messages: Shape = (value, path) => {
  laterMessages(value, path);
  if (Array.isArray(value) && value.length === 0) refuseAt(path, 'at least one message is required');
};

const laterMessages: Shape = (value, path) => {
  listOf(message)(value, path);
  if (!Array.isArray(value)) return;
  if (value.length > MESSAGES_MAX) refuseAt(path, `List should have at most ${MESSAGES_MAX} items`);
};

const outputConfig = record(
  {},
  {
    effort: nullable(oneOf('low', 'medium', 'high', 'xhigh', 'max')),
    format: nullable(tagged({ json_schema: record({ type: text, schema: dictionary }) })),
    task_budget: anything,
  },
);

/** What both `messages` and `count_tokens` take. */
const prompt: Fields = {
  system: nullable(systemBlocks),
  tools: listOf(tool),
  tool_choice: nullable(toolChoice),
  thinking: nullable(thinkingConfig),
  output_config: nullable(outputConfig),
  cache_control: cacheControl,
  speed: nullable(oneOf('standard', 'fast')),
};

const generation: Fields = {
  ...prompt,
  stop_sequences: nullable(listOf(text)),
  stream: nullable(flag),
  metadata: nullable(record({}, { user_id: nullable(text) })),
  service_tier: nullable(oneOf('auto', 'standard_only')),
  container: nullable(anything),
  diagnostics: nullable(dictionary),
  inference_geo: nullable(text),
};

/** The knobs that the newer version no longer has: there they are simply unknown. */
const sampling: Fields = {
  temperature: nullable(numberBetween(0, 1)),
  top_p: nullable(numberBetween(0, 1)),
  top_k: nullable(integer(0)),
};

/** Fields that exist only for callers who announce one of these betas. */
const FIELD_BETAS: Readonly<Record<string, readonly string[]>> = {
  mcp_servers: ['mcp-client'],
  context_management: ['context-management', 'compact'],
  compaction: ['compact'],
  fallbacks: ['server-side-fallback'],
  fallback_credit_token: ['fallback-credit'],
  thread: ['message-threads'],
  billing_policy: ['fallback-credit'],
  output_format: ['structured-outputs'],
};

const thread: Shape = nullable(
  tagged({ create: record({ type: text }), continue: record({ type: text, previous_message_id: text }) }),
);

const betaFields = (betas: readonly string[]): Fields =>
  Object.fromEntries(
    Object.entries(FIELD_BETAS)
      .filter(([, names]) => names.some((name) => betas.some((beta) => beta.startsWith(`${name}-`))))
      .map(([field]) => [field, field === 'thread' ? thread : anything]),
  );

export interface Dialect {
  readonly version: ApiVersion;
  readonly betas: readonly string[];
}

const OLD_GENERATION: Fields = { ...generation, ...sampling };

/** Refuses a `POST /v1/messages` body that the vendor would. */
export const checkMessagesShape = (body: unknown, { version, betas }: Dialect): void => {
  const known = version === '2023-06-01' ? OLD_GENERATION : generation;
  const optional = betas.length === 0 ? known : { ...known, ...betaFields(betas) };
  const said = isRecord(body) && isRecord(body.thread) && body.thread.type === 'continue' ? laterMessages : messages;
  record({ model: text, messages: said, max_tokens: integer(0) }, optional)(body, '');
};

/** Refuses a `POST /v1/messages/count_tokens` body that the vendor would. */
export const checkCountShape = (body: unknown, { betas }: Dialect): void => {
  record({ model: text, messages }, { ...prompt, ...betaFields(betas) })(body, '');
};
