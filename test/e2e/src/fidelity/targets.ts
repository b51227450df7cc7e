import { OWNERS, wireModel, type WireModel } from '../wire-models.js';

/** A vendor's wire as a column of the report. */
export interface FidelityTarget extends WireModel {
  readonly title: string;
  /** What this vendor has not got on this wire, whoever asks, and so cannot be judged by. */
  readonly lacks: readonly string[];
}

const NO_REASONING = ['reasoning shown', 'reasoning state over a tool loop'];
const OPENAI_CHAT_LACKS = [...NO_REASONING, 'web search with citations'];

const DEEPSEEK_LACKS = [
  'image inline',
  'image by address',
  'PDF',
  'tool result: image',
  'web search with citations',
  'refusal',
];

/** One wire per protocol, each with its owner; and the one look-alike whose Chat shows its reasoning. */
export const TARGETS: readonly FidelityTarget[] = [
  { ...OWNERS['anthropic-messages'], title: 'Messages', lacks: [] },
  { ...OWNERS['openai-responses'], title: 'Responses', lacks: [] },
  { ...OWNERS['openai-chat'], title: 'Chat', lacks: OPENAI_CHAT_LACKS },
  { ...OWNERS['gemini-generate'], title: 'Gemini', lacks: [] },
  { ...wireModel('e2e-deepseek-chat'), title: 'DeepSeek Chat', lacks: DEEPSEEK_LACKS },
];
