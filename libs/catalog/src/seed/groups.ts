import type { RoutingGroup } from '../schema.js';

const open = { fidelity: 'any', extended: false, exclusive: false } as const;
const agent = { fidelity: 'native', extended: false, exclusive: false } as const;

/** The groups of contract 0.2. The numbers are public: a key is bound to one, so they never change. */
export const GROUPS: RoutingGroup[] = [
  { id: 1, name: 'default', description: 'Every public model.', ...open, models: ['*'] },
  { id: 2, name: 'claude-default', description: 'Claude models.', ...open, models: ['family:claude'] },
  { id: 3, name: 'openai-default', description: 'OpenAI models.', ...open, models: ['family:gpt'] },
  { id: 4, name: 'gemini-default', description: 'Gemini models.', ...open, models: ['family:gemini'] },
  {
    id: 5,
    name: 'multi-vendor',
    description: 'The families that serve more than one protocol.',
    ...open,
    models: ['family:claude', 'family:gpt', 'family:gemini', 'family:deepseek', 'family:kimi'],
  },
  {
    id: 6,
    name: 'agent-global',
    description: 'Agents, global preset: native protocols only.',
    ...agent,
    models: ['family:claude', 'family:gpt', 'family:gemini', 'family:deepseek'],
  },
  {
    id: 7,
    name: 'agent-china',
    description: 'Agents, China preset: native protocols only.',
    ...agent,
    models: ['family:deepseek', 'family:doubao', 'family:glm', 'family:kimi', 'family:minimax'],
  },
  {
    id: 8,
    name: 'extended',
    description: 'Every model on every protocol, translated where the vendor does not speak it.',
    fidelity: 'any',
    extended: true,
    exclusive: false,
    models: ['*'],
  },
];
