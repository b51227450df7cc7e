/** What one model can do, as `GET /v1/models` tells and as requests are judged by. */
export interface ModelCard {
  readonly id: string;
  readonly name: string;
  readonly created: string;
  readonly line: 'opus' | 'sonnet' | 'haiku' | 'fable' | 'mythos';
  readonly tokensInMax: number;
  readonly tokensOutMax: number;
  readonly thinking: readonly ('enabled' | 'adaptive' | 'between_tools')[];
  readonly effort: readonly string[];
  /** Whether sampling knobs may differ from their defaults; `either`: temperature or top_p, never both. */
  readonly sampling: 'free' | 'either' | 'fixed';
  readonly prefill: 'accepted' | 'rejected';
  readonly forcedTools: 'accepted' | 'without-thinking' | 'rejected';
  readonly midSystem: 'accepted' | 'rejected';
  readonly lifecycle: 'active' | 'deprecated' | 'retired';
}

const FOUR_FIVE = {
  tokensInMax: 200_000,
  tokensOutMax: 64_000,
  thinking: ['enabled'],
  effort: [],
  sampling: 'either',
  prefill: 'accepted',
  forcedTools: 'without-thinking',
  midSystem: 'rejected',
  lifecycle: 'active',
} as const;

const FOUR_SIX = {
  ...FOUR_FIVE,
  tokensInMax: 1_000_000,
  tokensOutMax: 128_000,
  thinking: ['enabled', 'adaptive'],
  effort: ['low', 'medium', 'high', 'max'],
  prefill: 'rejected',
  midSystem: 'accepted',
} as const;

const FOUR_SEVEN = {
  ...FOUR_SIX,
  thinking: ['adaptive', 'between_tools'],
  effort: ['low', 'medium', 'high', 'xhigh', 'max'],
  sampling: 'fixed',
} as const;

export const MODELS: readonly ModelCard[] = [
  { ...FOUR_SEVEN, id: 'claude-opus-5-5', name: 'Claude Opus 5.5', created: '2026-10-01', line: 'opus' },
  { ...FOUR_SEVEN, id: 'claude-sonnet-5-5', name: 'Claude Sonnet 5.5', created: '2026-10-01', line: 'sonnet' },
  { ...FOUR_SEVEN, id: 'claude-haiku-5-5', name: 'Claude Haiku 5.5', created: '2026-10-01', line: 'haiku' },
  {
    ...FOUR_SEVEN,
    id: 'claude-fable-5',
    name: 'Claude Fable 5',
    created: '2026-06-09',
    line: 'fable',
    forcedTools: 'rejected',
  },
  {
    ...FOUR_SEVEN,
    id: 'claude-mythos-5',
    name: 'Claude Mythos 5',
    created: '2026-06-09',
    line: 'mythos',
    forcedTools: 'rejected',
  },
  { ...FOUR_SEVEN, id: 'claude-opus-5', name: 'Claude Opus 5', created: '2026-07-14', line: 'opus' },
  { ...FOUR_SEVEN, id: 'claude-sonnet-5', name: 'Claude Sonnet 5', created: '2026-06-24', line: 'sonnet' },
  { ...FOUR_SEVEN, id: 'claude-opus-4-8', name: 'Claude Opus 4.8', created: '2026-05-28', line: 'opus' },
  { ...FOUR_SEVEN, id: 'claude-opus-4-7', name: 'Claude Opus 4.7', created: '2026-04-16', line: 'opus' },
  { ...FOUR_SIX, id: 'claude-sonnet-4-6', name: 'Claude Sonnet 4.6', created: '2026-02-17', line: 'sonnet' },
  { ...FOUR_SIX, id: 'claude-opus-4-6', name: 'Claude Opus 4.6', created: '2026-02-05', line: 'opus' },
  {
    ...FOUR_FIVE,
    id: 'claude-opus-4-5-20251101',
    name: 'Claude Opus 4.5',
    created: '2025-11-24',
    line: 'opus',
    effort: ['low', 'medium', 'high'],
  },
  { ...FOUR_FIVE, id: 'claude-haiku-4-5-20251001', name: 'Claude Haiku 4.5', created: '2025-10-15', line: 'haiku' },
  { ...FOUR_FIVE, id: 'claude-sonnet-4-5-20250929', name: 'Claude Sonnet 4.5', created: '2025-09-29', line: 'sonnet' },
];

const DATED = /-\d{8}$/;

const BY_NAME: ReadonlyMap<string, ModelCard> = new Map(
  MODELS.flatMap((card) => [[card.id, card] as const, [card.id.replace(DATED, ''), card] as const]),
);

/** Any name that says it is simulated works too, and takes whatever the newest models and the oldest take. */
const simulated = (id: string): ModelCard => ({
  ...FOUR_SEVEN,
  id,
  name: id,
  created: '2026-01-01',
  line: 'sonnet',
  thinking: ['enabled', 'adaptive', 'between_tools'],
  sampling: 'free',
  prefill: 'accepted',
});

/** Finds a model by its id or alias; undefined for what this vendor has never heard of. */
export const findModel = (name: string): ModelCard | undefined =>
  BY_NAME.get(name) ?? (name.includes('sim') ? simulated(name) : undefined);
