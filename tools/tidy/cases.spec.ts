import { isTest, readRepository } from './repository.js';

/** The cases of protocols, section 3: bugs that peers had, each of which is a row here under its id. */
const CASES = Array.from({ length: 84 }, (_, index) => `T${String(index + 1).padStart(2, '0')}`);

it('has each of the 84 cases as the title of a test', () => {
  const titles = readRepository()
    .filter((file) => isTest(file) && file.path.endsWith('.spec.ts'))
    .flatMap(({ text }) => [...text.matchAll(/['"`](T\d\d): /g)].map(([, id]) => id));
  expect(CASES.filter((id) => !titles.includes(id))).toEqual([]);
});
