import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));

/** An answer of a vendor as its reference describes it, and what it means to us. */
export interface AnswerFixture {
  readonly name: string;
  readonly status: number;
  readonly body: unknown;
  readonly means: object;
}

/** The answers of one wire to one of its questions. */
export function answerFixtures(wire: string, question: 'submit' | 'status'): readonly AnswerFixture[] {
  const folder = `${root}${wire}/__fixtures__/${question}`;
  return readdirSync(folder).map((file) => ({
    name: file.slice(0, -'.json'.length).replaceAll('-', ' '),
    ...(JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')) as Omit<AnswerFixture, 'name'>),
  }));
}

/** What stands in the room of one wire. */
export const roomFiles = (wire: string): readonly string[] => readdirSync(`${root}${wire}`);
