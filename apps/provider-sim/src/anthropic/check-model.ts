import type { ApiVersion } from './api-version.js';
import type { MessagesRequest } from './messages-request.js';
import { isResumed } from './messages-request.js';
import type { ModelCard } from './models.js';
import { refuseAt } from './shape.js';

/** Refuses what this model in particular cannot do. */
export const checkModel = (request: MessagesRequest, card: ModelCard, version: ApiVersion): void => {
  checkLength(request, card);
  checkThinkingConfig(request, card);
  checkEffort(request, card);
  if (version === '2023-06-01') checkSampling(request, card);
  if (card.midSystem === 'rejected') {
    const index = request.messages.findIndex((message) => message.role === 'system');
    if (index >= 0) refuseAt(`messages.${index}.role`, "Input should be 'user' or 'assistant'");
  }
  if (card.prefill === 'rejected' && request.messages.at(-1)?.role === 'assistant' && !isResumed(request)) {
    refuseAt(
      '',
      'This model does not support assistant message prefill. The conversation must end with a user message.',
    );
  }
};

const checkLength = ({ max_tokens: tokens = 0 }: MessagesRequest, card: ModelCard): void => {
  if (tokens <= card.tokensOutMax) return;
  refuseAt(
    'max_tokens',
    `${tokens} > ${card.tokensOutMax}, which is the maximum allowed number of output tokens for ${card.id}`,
  );
};

const checkThinkingConfig = (request: MessagesRequest, card: ModelCard): void => {
  const { thinking, max_tokens: tokens, tool_choice: choice } = request;
  const isForced = choice?.type === 'any' || choice?.type === 'tool';
  if (isForced && card.forcedTools === 'rejected') {
    refuseAt('tool_choice', `tool_choice forces tool use is not supported by ${card.id}.`);
  }
  if (!thinking || thinking.type === 'disabled') return;
  if (!card.thinking.includes(thinking.type)) {
    const instead =
      thinking.type === 'enabled' ? ' Use "thinking.type.adaptive" and "output_config.effort" instead.' : '';
    refuseAt('', `"thinking.type.${thinking.type}" is not supported for this model.${instead}`);
  }
  if (isForced) refuseAt('', 'Thinking may not be enabled when tool_choice forces tool use.');
  if (thinking.budget_tokens !== undefined && tokens !== undefined && thinking.budget_tokens >= tokens) {
    refuseAt(
      '',
      '`max_tokens` must be greater than `thinking.budget_tokens`. Please consult our documentation on extended thinking.',
    );
  }
};

const checkEffort = ({ output_config: config, thinking }: MessagesRequest, card: ModelCard): void => {
  const effort = config?.effort;
  if (effort === undefined || effort === null) return;
  if (card.effort.length === 0) refuseAt('', 'This model does not support the effort parameter.');
  if (!card.effort.includes(effort)) {
    const levels = [...card.effort].sort().join(', ');
    refuseAt('', `This model does not support effort level '${effort}'. Supported levels: ${levels}.`);
  }
  const isFive = card.id.startsWith('claude-opus-5');
  if (isFive && thinking?.type === 'disabled' && (effort === 'xhigh' || effort === 'max')) {
    refuseAt(
      'output_config.effort',
      `'${effort}' requires thinking; with thinking disabled the highest level is 'high'.`,
    );
  }
};

const checkSampling = (request: MessagesRequest, card: ModelCard): void => {
  const { temperature, top_p: topP, top_k: topK, thinking } = request;
  const isThinking = thinking && thinking.type !== 'disabled';
  if (isThinking && temperature !== undefined && temperature !== null && temperature !== 1) {
    refuseAt(
      '',
      '`temperature` may only be set to 1 when thinking is enabled. Please consult our documentation on extended thinking.',
    );
  }
  if (isThinking && topK !== undefined && topK !== null)
    refuseAt('', '`top_k` must be unset when thinking is enabled.');
  const both = typeof temperature === 'number' && typeof topP === 'number';
  if (card.sampling === 'either' && both)
    refuseAt('', '`temperature` and `top_p` cannot both be specified for this model. Please use only one.');
  if (card.sampling !== 'fixed') return;
  if ((temperature ?? 1) !== 1) refuseAt('', '`temperature` is deprecated for this model.');
  if ((topP ?? 1) < 0.99) refuseAt('', '`top_p` is deprecated for this model.');
  if (topK !== undefined && topK !== null) refuseAt('', '`top_k` is deprecated for this model.');
};
