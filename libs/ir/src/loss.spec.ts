import { formatLoss, refuseLosses, type Loss } from './loss.js';

const warned: Loss = { code: 'L60', path: 'top_k', effect: 'dropped' };
const rejected: Loss = { code: 'L61', path: 'stop_sequences', effect: 'dropped' };
const noted: Loss = { code: 'L83', path: 'system.0.cache_control', effect: 'dropped' };

describe('refuseLosses', () => {
  it.each<{ name: string; loss: Loss; policy: 'warn' | 'strict'; allow: string[]; refused: boolean }>([
    { name: 'a hint under warn', loss: warned, policy: 'warn', allow: [], refused: false },
    { name: 'a hint under strict', loss: warned, policy: 'strict', allow: [], refused: true },
    { name: 'a permitted loss under strict', loss: warned, policy: 'strict', allow: ['L60'], refused: false },
    { name: 'a contract under warn', loss: rejected, policy: 'warn', allow: [], refused: true },
    { name: 'a permitted contract', loss: rejected, policy: 'warn', allow: ['L61'], refused: false },
    { name: 'another permitted code', loss: rejected, policy: 'warn', allow: ['L60'], refused: true },
    { name: 'a cache mark under strict', loss: noted, policy: 'strict', allow: [], refused: false },
  ])('decides on $name', ({ loss, policy, allow, refused }) => {
    const decide = () => refuseLosses([loss], { policy, allow }, 'deepseek');
    const outcome = refused ? expect(decide) : expect(decide).not;
    outcome.toThrow(loss.code);
  });

  it('names the path, the target and the switch', () => {
    expect(() => refuseLosses([rejected], { policy: 'warn', allow: [] }, 'openai')).toThrow(
      'stop_sequences: stop sequences are not supported by openai (L61). Send "x-gateway-allow: L61" to permit it.',
    );
  });
});

it('prints a loss as a header value, whatever the path holds', () => {
  expect(formatLoss({ code: 'L60', path: 'a"b\né', effect: 'dropped' })).toBe('L60;path="a_b__";action=dropped');
});
