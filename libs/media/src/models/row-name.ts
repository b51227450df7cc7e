/** Names by which a row may be found: a catalogue's own id first, then what the vendor calls the model. */
export interface ModelNames {
  readonly model: string;
  readonly upstreamModel: string;
}

/** Ark is one vendor under two names, by region. */
const REGION = /^(doubao|dreamina)-/;

/**
 * The rows by how vendors' names of their models begin; a date or a stage follows (`-251128`, `-generate-preview`). So an
 * operator's own model has the limits of what stands behind it.
 */
const ROWS_BY_VENDOR_NAME: Readonly<Record<string, string>> = {
  'sora-2': 'sora-2',
  'sora-2-pro': 'sora-2-pro',
  'veo-3.1': 'veo-3.1',
  'veo-3.1-fast': 'veo-3.1-fast',
  'veo-3.1-lite': 'veo-3.1-lite',
  'seedance-1-5-pro': 'seedance-1.5-pro',
  'seedance-2-0': 'seedance-2.0',
  'seedance-2-0-fast': 'seedance-2.0-pro-fast',
  'seedance-2-0-mini': 'seedance-fast',
  'gpt-image-1': 'gpt-4o-image',
  'gpt-image-2': 'gpt-image-2',
  'gemini-2.5-flash-image': 'nano-banana',
  'gemini-3.1-flash-image': 'nano-banana-v2',
  'gemini-3-pro-image': 'nano-banana-pro',
  'seedream-4-0': 'seedream-4',
  'seedream-4-5': 'seedream-4.5',
  'seedream-5-0': 'seedream-v5lite',
};

/** What a table of models may call this one, the likeliest first. */
export function rowNames({ model, upstreamModel }: ModelNames): readonly string[] {
  const name = upstreamModel.replace(REGION, '');
  const [longest] = Object.keys(ROWS_BY_VENDOR_NAME)
    .filter((start) => name === start || name.startsWith(`${start}-`))
    .toSorted((one, other) => other.length - one.length);
  const byVendor = longest === undefined ? undefined : ROWS_BY_VENDOR_NAME[longest];
  return [model, upstreamModel, ...(byVendor === undefined ? [] : [byVendor])];
}
