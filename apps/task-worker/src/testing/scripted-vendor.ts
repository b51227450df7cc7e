import type { HandlersFor, MadeAsset, media, RenderReport, SubmitOutcome } from '@bytespike/contracts';

type Media = HandlersFor<typeof media>;
type LookedUp = Awaited<ReturnType<Media['lookUp']>>;
type Fetched = Awaited<ReturnType<Media['fetch']>>;

/** What a vendor says next; the last of each is said for ever. A function may wait, throw, or look at what it was asked. */
export interface Script {
  submit: (workId: string) => Promise<SubmitOutcome>;
  ask: (upstreamId: string) => Promise<RenderReport>;
  askMany: (upstreamIds: readonly string[]) => Promise<Readonly<Record<string, RenderReport>>>;
  lookUp: () => Promise<LookedUp>;
  cancel: () => Promise<'stopped' | 'too-late' | 'unclear'>;
  fetch: (asset: MadeAsset, index: number) => Promise<Fetched>;
}

export const CREDENTIAL = 'credential-1';
export const FILM: MadeAsset = { from: 'vendor', path: '/v1/videos/video_1/content', mediaType: 'video/mp4' };

export const accepted = (upstreamId: string): SubmitOutcome => ({
  submitted: { type: 'accepted', upstreamId, report: { state: 'queued', word: 'queued', progress: {} } },
  credentialId: CREDENTIAL,
  attempts: [attempt()],
});

export const attempt = (kind?: SubmitOutcome['attempts'][number]['kind']): SubmitOutcome['attempts'][number] => ({
  channelId: 'channel-1',
  credentialId: CREDENTIAL,
  vendor: 'openai',
  model: 'sora-2',
  upstreamModel: 'sora-2',
  priceVersion: 'sora-2@1',
  ...(kind === undefined ? { status: 200 } : { kind }),
  startedAt: 0,
  durationMs: 5,
});

export const filmed = (seconds: number): RenderReport => ({
  state: 'succeeded',
  word: 'completed',
  assets: [FILM],
  rendered: { seconds },
});

export const keptFilm = (workId: string, index = 0) => ({
  name: `${workId}-${String(index)}.mp4`,
  contentType: 'video/mp4',
  bytes: 1_000,
  sha256: 'ab',
});

/** upstream-adapters as far as a task can tell: counts every call and answers by a script that a test may change. */
export function scriptedVendor(): { script: Script; calls: Record<keyof Script, number>; handlers: Media } {
  const calls = { submit: 0, ask: 0, askMany: 0, lookUp: 0, cancel: 0, fetch: 0 };
  const script: Script = {
    submit: async () => accepted(`video_${String(calls.submit)}`),
    ask: async () => filmed(5),
    askMany: async (upstreamIds) => Object.fromEntries(upstreamIds.map((id) => [id, filmed(5)])),
    lookUp: async () => ({ type: 'unclear' }),
    cancel: async () => 'too-late',
    fetch: async (_asset, index) => ({ type: 'kept', asset: keptFilm('film', index) }),
  };
  const handlers: Media = {
    submit: async ({ input }) => {
      calls.submit += 1;
      return script.submit(input.workId);
    },
    ask: async ({ upstreamId }) => {
      calls.ask += 1;
      return script.ask(upstreamId);
    },
    askMany: async ({ renders }) => {
      calls.askMany += 1;
      return { reports: { ...(await script.askMany(renders.map(({ upstreamId }) => upstreamId))) } };
    },
    lookUp: async () => {
      calls.lookUp += 1;
      return script.lookUp();
    },
    cancel: async () => {
      calls.cancel += 1;
      return { result: await script.cancel() };
    },
    fetch: async ({ input }) => {
      calls.fetch += 1;
      return script.fetch(input.asset, input.index);
    },
  };
  return { script, calls, handlers };
}
