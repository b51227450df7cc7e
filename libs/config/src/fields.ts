import { z } from 'zod';

/** A whole number within bounds, both included; the unit is in the variable's name. */
export const integerField = (value: number, { min, max = Number.MAX_SAFE_INTEGER }: { min: number; max?: number }) =>
  z.coerce.number().int().min(min).max(max).default(value);

/** A TCP port; 0 asks the system for a free one. */
export const portField = (port: number) => integerField(port, { min: 0, max: 65_535 });

/** An address with one of these schemes, which are written without their colon. */
export const urlField = (...schemes: string[]) =>
  z.string().refine((text) => URL.canParse(text) && schemes.includes(new URL(text).protocol.slice(0, -1)), {
    message: `must be a URL with scheme ${schemes.join(' or ')}`,
  });

/** `1`, `true`, `yes`, `on` and their opposites; anything else is refused instead of guessed. */
export const flagField = (value: 'on' | 'off') => z.stringbool().default(value === 'on');
