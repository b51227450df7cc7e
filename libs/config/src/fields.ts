import { z } from 'zod';

/** A TCP port; 0 asks the system for a free one. */
export const portField = (port: number) => z.coerce.number().int().min(0).max(65_535).default(port);

export const urlField = (...schemes: string[]) =>
  z.string().refine((text) => URL.canParse(text) && schemes.includes(new URL(text).protocol.slice(0, -1)), {
    message: `must be a URL with scheme ${schemes.join(' or ')}`,
  });

/** `1`, `true`, `yes`, `on` and their opposites; anything else is refused instead of guessed. */
export const flagField = (value: 'on' | 'off') => z.stringbool().default(value === 'on');
