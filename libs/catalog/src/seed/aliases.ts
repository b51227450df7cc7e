import type { Alias, Retirement } from '../schema.js';

/**
 * Other names by the model they mean. Dots and dashes need no row: names are compared without the difference
 * (contract C9, `modelNameKey`). Dated ids of a served version are rows, because clients pin them.
 */
const ALIASES_BY_MODEL: Readonly<Record<string, readonly string[]>> = {
  // Claude Code asks for `claude-opus-5-5` by default, and its words haiku, sonnet, opus mean `claude-*-5-5`.
  'claude-opus-4-8': [
    'opus',
    'claude-opus-5-5',
    'claude-opus-5',
    'claude-opus-4',
    'claude-opus-4-0',
    'claude-opus-4-1',
    'claude-opus-4-1-20250805',
    'claude-opus-4-20250514',
  ],
  'claude-opus-4-5': ['claude-opus-4-5-20251101'],
  'claude-sonnet-4-6': [
    'sonnet',
    'claude-sonnet-5-5',
    'claude-sonnet-5',
    'claude-sonnet-4',
    'claude-sonnet-4-0',
    'claude-sonnet-4-20250514',
    'claude-3-7-sonnet',
    'claude-3-7-sonnet-20250219',
    'claude-3-7-sonnet-latest',
    'claude-3-5-sonnet',
    'claude-3-5-sonnet-20240620',
    'claude-3-5-sonnet-20241022',
    'claude-3-5-sonnet-latest',
  ],
  'claude-sonnet-4-5': ['claude-sonnet-4-5-20250929'],
  'claude-haiku-4-5': [
    'haiku',
    'claude-haiku-5-5',
    'claude-haiku-5',
    'claude-haiku-4-5-20251001',
    'claude-3-5-haiku',
    'claude-3-5-haiku-20241022',
    'claude-3-5-haiku-latest',
  ],
  // OpenAI migration ids of the contract (section 16), and the names in Codex's own catalogue.
  'gpt-5-5': ['gpt-5', 'gpt-5-codex', 'gpt-5.5-codex', 'gpt-6', 'gpt-6-codex', 'gpt-6.1', 'gpt-6.1-codex'],
  'gpt-5-4': ['gpt-4o', 'gpt-5.4-codex'],
  'gpt-5-4-mini': ['gpt-4o-mini', 'gpt-5-mini', 'o1', 'gpt-6-mini', 'gpt-6.1-mini'],
  'gpt-5-4-nano': ['gpt-5-nano', 'gpt-6-nano', 'gpt-6.1-nano'],
  'gpt-image-2': ['gpt-image-1'],
  // Gemini CLI without a model asks for 3.5-flash-lite and then 3.8-flash, and rewrites 3-pro to 3.1-pro.
  'gemini-3-1-pro': ['gemini-3.1-pro-preview', 'gemini-3-pro-preview', 'gemini-3-pro', 'gemini-pro-latest'],
  'gemini-3-5-flash': ['gemini-3.8-flash', 'gemini-flash-latest'],
  'gemini-3-flash': ['gemini-3-flash-preview', 'gemini-3.5-flash-lite', 'gemini-flash-lite-latest'],
  'deepseek-v4-flash': ['deepseek-flash'],
  // Media slugs differ between the reference and the model pages (contract C1, sections 9.8 and 10).
  'sora-2': ['sora2'],
  'sora-2-pro': ['sora2-pro'],
  'veo-3.1': ['veo3.1'],
  'veo-3.1-fast': ['veo3.1-fast'],
  'veo-3.1-lite': ['veo3.1-lite'],
  'seedance-2.0': ['seedance2'],
  'seedance-2.0-pro': ['seedance-pro'],
  'seedance-fast': ['seedance2-fast'],
  'seedream-4': ['seedream-v4'],
  'seedream-4.5': ['seedream-v4.5'],
  'seedream-v5lite': ['seedream-5lite', 'seedream-v5-lite', 'seedream-5-lite'],
};

export const ALIASES: Alias[] = Object.entries(ALIASES_BY_MODEL).flatMap(([model, names]) =>
  names.map((alias) => ({ alias, model })),
);

/** The vendor stopped serving these names on 2026-07-24 (protocols, 4.1); what they meant depended on the day. */
export const RETIREMENTS: Retirement[] = [
  { slug: 'deepseek-chat', successor: 'deepseek-v4-flash' },
  { slug: 'deepseek-reasoner', successor: 'deepseek-v4-pro' },
];
