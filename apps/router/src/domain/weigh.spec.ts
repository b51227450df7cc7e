import { weigh } from './weigh.js';

const a = { name: 'a', weight: 1 };
const b = { name: 'b', weight: 3 };
const c = { name: 'c', weight: 6 };

const drawing = (...values: readonly number[]) => {
  const left = [...values];
  return () => left.shift() ?? 0;
};
const names = (items: readonly { name: string }[]) => items.map(({ name }) => name).join('');

describe('weigh', () => {
  it.each([
    [0, 0, 'abc'],
    [0.099, 0.34, 'acb'],
    [0.1, 0, 'bac'],
    [0.399, 0.15, 'bca'],
    [0.4, 0.24, 'cab'],
    [0.999, 0.26, 'cba'],
  ])('draws %s then %s as %s', (first, second, order) => {
    expect(names(weigh([a, b, c], drawing(first, second)))).toBe(order);
  });

  it('gives the first place in proportion to the weights', () => {
    const steps = Array.from({ length: 1_000 }, (_, step) => step / 1_000);
    const firsts = steps.map((step) => weigh([a, b, c], () => step)[0]);
    expect([a, b, c].map((item) => firsts.filter((first) => first === item).length)).toEqual([100, 300, 600]);
  });

  it('asks for no chance where there is no choice', () => {
    const never = () => {
      throw new Error('asked');
    };
    expect([weigh([], never), weigh([a], never)]).toEqual([[], [a]]);
  });
});
