import { hash } from 'node:crypto';

/** A picture of one colour: enough for every decoder, and told apart from every other by its colour. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** Red, green and blue, 0 to 255. */
  readonly color: readonly [number, number, number];
}

/** The colour that belongs to a text. */
export const colorOf = (material: string): Pixels['color'] => {
  const bytes = hash('sha256', material, 'buffer');
  return [bytes[0] ?? 0, bytes[1] ?? 0, bytes[2] ?? 0];
};
