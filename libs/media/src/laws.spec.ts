import type { JsonValue } from '@bytespike/kernel';
import fc from 'fast-check';

import type { VideoVendor } from './media-vendor.js';
import { IMAGE_VENDORS, VIDEO_VENDORS, type VideoWire } from './registry.js';
import { film, pictures } from './testing/asked.js';
import { NOW, vendorAnswer } from './testing/answers.js';
import { cancelledUnits, earnedUnits, mostImageUnits, mostVideoUnits } from './units/media-units.js';
import { requestsPerCall } from './units/requests-per-call.js';
import { RENDER_STATES, type RenderStatus } from './wire/render-status.js';

const CONTEXT = { submittedAt: NOW - 60_000 };
const films = (Object.keys(VIDEO_VENDORS) as VideoWire[]).map((wire): { wire: VideoWire; vendor: VideoVendor } => ({
  wire,
  vendor: VIDEO_VENDORS[wire],
}));
const drawings = Object.entries(IMAGE_VENDORS).map(([wire, vendor]) => ({ wire, vendor }));
const BOAT = film('sora-2');

/** What a wire says with its word for the state, beside everything a success would have; and the words it means something by. */
const SPEECH: Record<VideoWire, { says: (word: JsonValue) => object; words: readonly JsonValue[] }> = {
  'openai-videos': {
    says: (word) => ({ id: 'video_1', status: word, seconds: '8' }),
    words: ['queued', 'in_progress', 'completed', 'failed'],
  },
  'google-veo': {
    says: (word) => ({
      name: 'models/veo/operations/a1',
      done: word,
      response: { generateVideoResponse: { generatedSamples: [{ video: { uri: 'https://made.example/film' } }] } },
    }),
    words: [true, false, null],
  },
  'google-interactions': {
    says: (word) => ({ id: 'v1_a', status: word, output_video: { type: 'video', uri: 'https://made.example/film' } }),
    words: [
      ...['queued', 'in_progress', 'requires_action', 'requires_continuation', 'completed', 'failed', 'incomplete'],
      ...['budget_exceeded', 'cancelled'],
    ],
  },
  'ark-video': {
    says: (word) => ({ id: 'cgt-1', status: word, content: { video_url: 'https://made.example/film' } }),
    words: ['queued', 'running', 'succeeded', 'failed', 'cancelled', 'expired'],
  },
};

const odd = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }),
  fc.constantFrom<JsonValue>(
    'constructor',
    '__proto__',
    'SUCCEEDED',
    ' completed',
    '',
    0,
    true,
    null,
    [],
    {},
    { toString: false },
  ),
);

describe.each(films)('$wire', ({ wire, vendor }) => {
  const { status, submit } = vendor;

  it('never takes a word it does not know for an ending', () => {
    const { says, words } = SPEECH[wire];
    fc.assert(
      fc.property(fc.oneof(fc.string(), odd), (word) => {
        fc.pre(!words.includes(word as JsonValue));
        const read = status?.answer(vendorAnswer(200, says(word as JsonValue)), CONTEXT);
        expect(read).toMatchObject({ state: 'unknown', attention: 'operator' });
      }),
    );
  });

  it('never takes a question without an answer for a verdict', () => {
    fc.assert(
      fc.property(fc.integer({ min: 300, max: 599 }), odd, (code, body) => {
        expect(status?.answer(vendorAnswer(code, body), CONTEXT).state).toBe('unknown');
      }),
    );
  });

  it('reads whatever comes, and shows something with every success', () => {
    fc.assert(
      fc.property(fc.constantFrom(200, 202, 404, 500), odd, (code, body) => {
        const read = status?.answer(vendorAnswer(code, body), CONTEXT);
        expect(RENDER_STATES).toContain(read?.state);
        if (read?.state === 'succeeded') expect(read.assets.length).toBeGreaterThan(0);
        const submitted = submit.answer(vendorAnswer(code, body));
        expect(['accepted', 'refused', 'unclear']).toContain(submitted.type);
      }),
    );
  });

  it('never offers an unclear submit to be sent again', () => {
    expect(submit.request(BOAT, { upstreamModel: 'model-1' }).call.repeat).toBe('never');
    fc.assert(
      fc.property(fc.integer({ min: 500, max: 599 }), odd, (code, body) => {
        expect(submit.answer(vendorAnswer(code, body)).type).toBe('unclear');
      }),
    );
    expect(submit.answer(vendorAnswer(200, 'no json')).type).toBe('unclear');
    expect(submit.answer(vendorAnswer(200, { id: '../../v1/keys', name: '../x' })).type).toBe('unclear');
  });

  it('reads no answer longer than it may be', () => {
    const call = status!.request('models/veo/operations/abc');
    const long = vendorAnswer(200, `{"status":"completed","done":true,"a":"${'x'.repeat(call.answerBytesMax)}"}`);
    expect(status!.answer(long, CONTEXT)).toMatchObject({ state: 'unknown' });
  });
});

describe.each(drawings)('$wire', ({ vendor }) => {
  it('reads whatever comes, and shows something with every success', () => {
    fc.assert(
      fc.property(fc.constantFrom(200, 400, 500), odd, (code, body) => {
        const submitted = vendor.submit.answer(vendorAnswer(code, body));
        expect(['finished', 'refused']).toContain(submitted.type);
        if (submitted.type === 'finished') expect(submitted.status.state).toBe('failed');
      }),
    );
  });
});

const rendered = fc.record(
  { seconds: fc.double({ noNaN: false }), images: fc.integer() },
  { requiredKeys: [] },
) as fc.Arbitrary<{ seconds?: number; images?: number }>;
const ASSET = { from: 'address', url: 'https://made.example/1', mediaType: 'video/mp4' } as const;
const endings: fc.Arbitrary<RenderStatus> = fc.oneof(
  fc.tuple(rendered, fc.integer({ min: 0, max: 20 })).map(([made, more]): RenderStatus => ({
    state: 'succeeded',
    word: 'done',
    assets: [ASSET, ...Array.from({ length: more }, () => ASSET)],
    rendered: made,
  })),
  rendered.map((made): RenderStatus => ({ state: 'cancelled', word: 'cancelled', rendered: made })),
  fc.constantFrom<RenderStatus>(
    { state: 'running', word: 'running', progress: {} },
    { state: 'unknown', word: '?', attention: 'none' },
    { state: 'failed', word: 'failed', failure: { kind: 'upstream-transient', message: '', said: '' } },
  ),
);

describe('units', () => {
  it('are whole and never more than what was asked', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        endings,
        fc.option(fc.nat(30), { nil: undefined }),
        (most, end, got) => {
          for (const [name, units] of [
            ['seconds', earnedUnits({ seconds: most }, end, got).seconds],
            [
              'seconds cancelled',
              cancelledUnits({ seconds: most }, end, { while: [], bills: 'what it reports' }).seconds,
            ],
            ['images', earnedUnits({ images: most }, end, got).images],
          ] as const) {
            expect([name, Number.isInteger(units ?? 0)]).toEqual([name, true]);
            expect(units ?? 0).toBeLessThanOrEqual(most);
            expect(units ?? 0).toBeGreaterThanOrEqual(0);
          }
        },
      ),
    );
  });

  it('are nothing for what did not succeed', () => {
    fc.assert(
      fc.property(endings, (end) => {
        fc.pre(end.state !== 'succeeded');
        expect(earnedUnits({ seconds: 8, images: 2 }, end)).toEqual({});
        expect(cancelledUnits({ seconds: 8 }, end, { while: [], bills: 'nothing' })).toEqual({});
      }),
    );
  });

  it('are held for what was asked, whatever a vendor makes of it', () => {
    expect(mostVideoUnits(film('veo-3.1', { duration_seconds: 5 }))).toEqual({ seconds: 5 });
    expect(mostImageUnits(pictures('seedream-4.5', { n: 3 }))).toEqual({ images: 3 });
  });

  it('are the same however many calls it takes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 15 }), (n, perCall) => {
        const calls = requestsPerCall({ ...pictures('seedream-4.5', { seed: 7 }), n }, perCall);
        expect(calls.reduce((sum, call) => sum + call.n, 0)).toBe(n);
        expect(calls.every((call) => call.n >= 1 && call.n <= perCall)).toBe(true);
        expect(new Set(calls.map(({ seed }) => seed)).size).toBe(calls.length);
      }),
    );
  });
});
