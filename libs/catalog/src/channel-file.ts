import { PROTOCOL_NAMES } from '@bytespike/kernel';
import { z } from 'zod';

import { CAPABILITIES } from './schema.js';
import { VENDORS } from './vendors.js';
import type { VendorName } from './vendors.js';

const Usd = z
  .string('must be a decimal in quotes, USD per million')
  .regex(/^\d{1,6}(\.\d{1,6})?$/, 'must be a decimal in quotes, USD per million');

const Price = z.strictObject({
  input: Usd,
  output: Usd,
  cache_read: Usd.optional(),
  cache_write_5m: Usd.optional(),
  cache_write_1h: Usd.optional(),
  search_calls: Usd.optional(),
});
export type ChannelFilePrice = z.output<typeof Price>;

const ModelId = z.string().regex(/^[a-z0-9][a-z0-9.-]*$/, 'must be lower-case letters, digits, dots and dashes');

const FileModel = z.strictObject({
  id: ModelId,
  /** The vendor's name of it; absent means the same. */
  upstream: z.string().min(1).optional(),
  display_name: z.string().optional(),
  capabilities: z.array(z.enum(CAPABILITIES)).optional(),
  context_window: z.number().int().positive().optional(),
  max_output_tokens: z.number().int().positive().optional(),
  price: Price.optional(),
  /** Group names. Absent: the groups that hold every model. */
  groups: z.array(z.string()).min(1).optional(),
});
export type ChannelFileModel = z.output<typeof FileModel>;

/** A name alone is a model that is in the catalogue; read as an object, so that an error names the field it is about. */
const NamedOrDefined = z.preprocess((value) => (typeof value === 'string' ? { id: value } : value), FileModel);

const FileChannel = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'must be lower-case letters, digits and dashes'),
  vendor: z.enum(Object.keys(VENDORS) as [VendorName, ...VendorName[]]),
  protocol: z.enum(PROTOCOL_NAMES),
  address: z.url({ protocol: /^https?$/, error: 'must be an http or https address' }),
  weight: z.number().int().positive().default(1),
  credentials: z
    .array(z.strictObject({ env: z.string().min(1), weight: z.number().int().positive().default(1) }))
    .min(1),
  models: z.array(NamedOrDefined).min(1),
});

/** A provider's own accounts, as `npm start -- --channels FILE.yaml` takes them (keys as YAML writes them). */
export const ChannelFile = z.strictObject({ channels: z.array(FileChannel).min(1) });
export type ChannelFile = z.output<typeof ChannelFile>;
export type FileChannel = z.output<typeof FileChannel>;

/** Reads a parsed YAML document; throws an error of one line that names the place. */
export function readChannelFile(value: unknown): ChannelFile {
  const parsed = ChannelFile.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ChannelFileError(`${issue?.path.join('.') || 'the file'}: ${issue?.message ?? 'is not a channel file'}`);
}

/** A channel file the platform cannot start with; the message is one line for the operator. */
export class ChannelFileError extends Error {
  override readonly name = 'ChannelFileError';
}
