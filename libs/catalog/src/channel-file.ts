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

const UsdPerPiece = z
  .string('must be a decimal in quotes, USD')
  .regex(/^\d{1,4}(\.\d{1,9})?$/, 'must be a decimal in quotes, USD');

/** What is sold by the piece: the unit says what the model makes. */
const PiecePrice = z.union(
  [z.strictObject({ per_image: UsdPerPiece }), z.strictObject({ per_second: UsdPerPiece })],
  'must be either per_image or per_second, a decimal in quotes, USD',
);
export type ChannelFilePiecePrice = z.output<typeof PiecePrice>;

const ModelId = z.string().regex(/^[a-z0-9][a-z0-9.-]*$/, 'must be lower-case letters, digits, dots and dashes');

const AnyModel = z.strictObject({
  id: ModelId,
  /** The vendor's name of it; absent means the same. */
  upstream: z.string().min(1).optional(),
  display_name: z.string().optional(),
  capabilities: z.array(z.enum(CAPABILITIES)).optional(),
  /** Group names. Absent: the groups that hold every model. */
  groups: z.array(z.string()).min(1).optional(),
});

const FileModel = AnyModel.extend({
  context_window: z.number().int().positive().optional(),
  max_output_tokens: z.number().int().positive().optional(),
  price: Price.optional(),
});
export type ChannelFileModel = z.output<typeof FileModel>;

const FileMediaModel = AnyModel.extend({ price: PiecePrice.optional() });
export type ChannelFileMediaModel = z.output<typeof FileMediaModel>;

/** A name alone is a model that is in the catalogue; read as an object, so that an error names the field it is about. */
const namedOrDefined = <Defined extends z.ZodType>(defined: Defined) =>
  z.array(z.preprocess((value) => (typeof value === 'string' ? { id: value } : value), defined)).min(1);

const AnyChannel = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'must be lower-case letters, digits and dashes'),
  vendor: z.enum(Object.keys(VENDORS) as [VendorName, ...VendorName[]]),
  address: z.url({ protocol: /^https?$/, error: 'must be an http or https address' }),
  weight: z.number().int().positive().default(1),
  credentials: z
    .array(z.strictObject({ env: z.string().min(1), weight: z.number().int().positive().default(1) }))
    .min(1),
});

const FileChannel = AnyChannel.extend({ protocol: z.enum(PROTOCOL_NAMES), models: namedOrDefined(FileModel) });
export type FileChannel = z.output<typeof FileChannel>;

const FileMediaChannel = AnyChannel.extend({ models: namedOrDefined(FileMediaModel) });
export type FileMediaChannel = z.output<typeof FileMediaChannel>;

/** A provider's own accounts, as `npm start -- --channels FILE.yaml` takes them (keys as YAML writes them). */
export const ChannelFile = z
  .strictObject({ channels: z.array(FileChannel).default([]), media_channels: z.array(FileMediaChannel).default([]) })
  .refine((file) => file.channels.length + file.media_channels.length > 0, 'names no channel');
export type ChannelFile = z.output<typeof ChannelFile>;

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
