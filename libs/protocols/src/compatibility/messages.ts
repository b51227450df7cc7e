import type { Effort } from '@bytespike/ir';

export type ThinkingWord = 'enabled' | 'adaptive' | 'between_tools' | 'disabled';

/**
 * What a model takes on the Messages wire, by vendor and generation (reference, protocols 1.1, 2.6 and 4). The rule
 * behind each row: a server that answers 200 while ignoring a field does not support it.
 */
export interface MessagesCompatibility {
  /** The words of `thinking.type` the model obeys. */
  readonly thinking: readonly ThinkingWord[];
  /** Whether the model thinks when nobody has asked for it. */
  readonly thinksByDefault: boolean;
  /** Whether `budget_tokens` is read. */
  readonly budgets: 'send' | 'drop';
  /** The word of `output_config.effort` for each effort; a missing one cannot be said. */
  readonly effort: Partial<Readonly<Record<Effort, string>>>;
  /** What may be said of effort while thinking is off. */
  readonly effortUnthinking: 'any' | 'up-to-high';
  readonly sampling: 'send' | 'unless-thinking' | 'drop';
  /** Whether `top_p` is taken beside a temperature, or is refused there. */
  readonly topP: 'send' | 'without-temperature';
  readonly stopSequences: 'send' | 'reject';
  readonly forcedToolChoice: 'send' | 'unless-thinking' | 'reject';
  /** Whether a choice is read at all: where it is not, tools that may not be called are left out. */
  readonly toolChoice: 'send' | 'ignored';
  readonly parallelTools: 'send' | 'drop';
  readonly strictTools: 'send' | 'drop';
  /** Instructions within the conversation: as a role of their own, or inside a user turn. */
  readonly laterSystem: 'send' | 'wrap';
  readonly images: 'send' | 'reject';
  readonly documents: 'send' | 'reject';
  readonly jsonSchema: 'send' | 'reject';
  /** Tools the vendor runs or types itself, and what they leave in the history. */
  readonly hostedTools: 'send' | 'drop';
  readonly cacheMarksMax: number;
  readonly speed: 'send' | 'drop';
  /** Whether fields that the hub does not model are understood: they are this wire's owner's alone. */
  readonly ownFields: 'send' | 'drop';
  /** How earlier thinking goes back: under the vendor's own signature, or as plain text nobody checks. */
  readonly replay: 'signed' | 'plain' | 'plain-every-call';
}

const OWN_EFFORT = { minimal: 'low', low: 'low', medium: 'medium', high: 'high', xhigh: 'xhigh', max: 'max' } as const;

/** Whatever this wire can say: for names that belong to no generation. */
const OWNER: MessagesCompatibility = {
  thinking: ['enabled', 'adaptive', 'between_tools', 'disabled'],
  thinksByDefault: false,
  budgets: 'send',
  effort: OWN_EFFORT,
  effortUnthinking: 'any',
  sampling: 'unless-thinking',
  topP: 'send',
  stopSequences: 'send',
  forcedToolChoice: 'unless-thinking',
  toolChoice: 'send',
  parallelTools: 'send',
  strictTools: 'send',
  laterSystem: 'send',
  images: 'send',
  documents: 'send',
  jsonSchema: 'send',
  hostedTools: 'send',
  cacheMarksMax: 4,
  speed: 'send',
  ownFields: 'send',
  replay: 'signed',
};

const UP_TO_FOUR_FIVE: MessagesCompatibility = {
  ...OWNER,
  thinking: ['enabled', 'disabled'],
  effort: {},
  laterSystem: 'wrap',
  speed: 'drop',
};

const FOUR_ONE: MessagesCompatibility = { ...UP_TO_FOUR_FIVE, topP: 'without-temperature' };

const FOUR_SIX: MessagesCompatibility = {
  ...OWNER,
  thinking: ['enabled', 'adaptive', 'disabled'],
  topP: 'without-temperature',
  // More than was asked for is never sent: `xhigh` becomes less, not `max`.
  effort: { ...OWN_EFFORT, xhigh: 'high' },
};

/** From 4.7 on, budgets and sampling are refused and the model decides how long it thinks (T44). */
const FOUR_SEVEN: MessagesCompatibility = {
  ...OWNER,
  thinking: ['adaptive', 'between_tools', 'disabled'],
  sampling: 'drop',
};

/** Anthropic's generations; the first row that matches decides, and a name from the future is like the newest. */
const GENERATIONS: readonly (readonly [RegExp, MessagesCompatibility])[] = [
  [/^claude-(fable|mythos)/, { ...FOUR_SEVEN, forcedToolChoice: 'reject' }],
  [/^claude-opus-5/, { ...FOUR_SEVEN, effortUnthinking: 'up-to-high' }],
  [/^claude-opus-4-5/, { ...FOUR_ONE, effort: { ...OWN_EFFORT, xhigh: 'high', max: 'high' } }],
  [/^claude-[a-z]+-4-[15](-|$)/, FOUR_ONE],
  [/^claude-([a-z]+-4-6)/, FOUR_SIX],
  [/^claude-(\d|instant|[a-z]+-(3|4)(-[0-5](-|$)|-\d{8}|$))/, UP_TO_FOUR_FIVE],
  [/^claude-/, FOUR_SEVEN],
];

/** What a vendor that answers in this wire's form may be trusted with. */
const LOOK_ALIKE: MessagesCompatibility = {
  ...OWNER,
  thinking: ['enabled', 'disabled'],
  thinksByDefault: true,
  budgets: 'drop',
  effort: {},
  sampling: 'drop',
  forcedToolChoice: 'reject',
  toolChoice: 'ignored',
  parallelTools: 'drop',
  strictTools: 'drop',
  laterSystem: 'wrap',
  images: 'reject',
  documents: 'reject',
  jsonSchema: 'reject',
  hostedTools: 'drop',
  cacheMarksMax: 0,
  speed: 'drop',
  ownFields: 'drop',
  replay: 'plain',
};

const LOOK_ALIKES: Readonly<Record<string, MessagesCompatibility>> = {
  deepseek: {
    ...LOOK_ALIKE,
    toolChoice: 'send',
    effort: { minimal: 'low', low: 'low', medium: 'high', high: 'high', xhigh: 'high', max: 'max' },
    forcedToolChoice: 'unless-thinking',
    // While it thinks it swallows them.
    sampling: 'unless-thinking',
    // With tools in play every later request must carry the thinking, or it is refused.
    replay: 'plain-every-call',
  },
  moonshot: {
    ...LOOK_ALIKE,
    toolChoice: 'send',
    effort: { minimal: 'low', low: 'low', medium: 'high', high: 'high', xhigh: 'high', max: 'max' },
    forcedToolChoice: 'unless-thinking',
    images: 'send',
    jsonSchema: 'send',
  },
  minimax: { ...LOOK_ALIKE, stopSequences: 'reject' },
  zhipu: LOOK_ALIKE,
  bytedance: LOOK_ALIKE,
};

/** Models that cannot be told not to think. */
const ALWAYS_THINKING: readonly (readonly [vendor: string, model: RegExp])[] = [
  ['minimax', /^minimax-m2/i],
  ['zhipu', /^glm-5\.3/],
];

/** The profile of a model at a vendor on the Messages wire; an unknown vendor is trusted with little. */
export function messagesCompatibility(vendor: string, upstreamModel: string): MessagesCompatibility {
  if (vendor === 'anthropic') return GENERATIONS.find(([model]) => model.test(upstreamModel))?.[1] ?? OWNER;
  const profile = (Object.hasOwn(LOOK_ALIKES, vendor) ? LOOK_ALIKES[vendor] : undefined) ?? LOOK_ALIKE;
  const always = ALWAYS_THINKING.some(([whose, model]) => whose === vendor && model.test(upstreamModel));
  return always ? { ...profile, thinking: profile.thinking.filter((word) => word !== 'disabled') } : profile;
}

/**
 * Whether a vendor would serve this name by a model of its own without saying so: look-alikes take `claude-*` for
 * their nearest equivalent, and only the answer tells (protocols 4.1).
 */
export const servesInDisguise = (vendor: string, upstreamModel: string): boolean =>
  vendor !== 'anthropic' && upstreamModel.startsWith('claude-');
