import { createAdapter, geminiTarget, type Adapter } from './testing/call-adapter.js';
import { closing, ending, opening } from './testing/gemini-list.js';
import { startScriptedVendor, type Script, type ScriptedVendor } from './testing/scripted-vendor.js';

let vendor: ScriptedVendor;
let adapter: Adapter;

beforeEach(async () => {
  vendor = await startScriptedVendor();
  adapter = createAdapter(vendor.address, { channel: { vendor: 'google', protocol: 'gemini-generate' } });
});
afterEach(async () => {
  await adapter.stop();
  await vendor.stop();
});

const listing =
  (...pieces: readonly string[]): Script =>
  (response) => {
    response.writeHead(200, { 'content-type': 'application/json; charset=UTF-8' });
    for (const piece of pieces) response.write(piece);
    response.end();
  };

describe('a Gemini stream that is one JSON list', () => {
  it('is passed element by element, before its end is there', async () => {
    let finish: () => void = () => undefined;
    vendor.follow((response) => {
      response.writeHead(200, { 'content-type': 'application/json; charset=UTF-8' });
      response.write(opening);
      finish = () => response.end(ending + closing);
    });
    // The vendor goes on when the caller has what came so far, and not before.
    const { outcome, head, text } = await adapter.call({
      input: { target: geminiTarget },
      onData: (bytes) => {
        if (Buffer.from(bytes).toString() === opening) finish();
      },
    });
    expect(text).toBe(opening + ending + closing);
    expect(head?.contentType).toBe('application/json; charset=UTF-8');
    expect(outcome).toMatchObject({ ending: 'complete', finish: 'stop', usage: { input: 9, output: 4 } });
  });

  it('is passed byte for byte, however it is cut', async () => {
    vendor.follow(listing(...(opening + ending + closing)));
    const { outcome, text } = await adapter.call({ input: { target: geminiTarget } });
    expect(text).toBe(opening + ending + closing);
    expect(outcome.ending).toBe('complete');
  });

  it.each([
    ['it is not closed', [opening, ending], opening + ending, 'upstream-transient'],
    ['an element is cut', [opening, ',{"candidates":[{"con'], opening, 'upstream-garbled'],
    ['it ends without a reason', [opening, closing], `${opening}\n]`, 'upstream-transient'],
    ['an element tells an error', [opening, ',{"error":{"code":503}}]'], opening, 'upstream-transient'],
  ])('is truncated when %s', async (_name, pieces, passed, kind) => {
    vendor.follow(listing(...pieces));
    const { outcome, text } = await adapter.call({ input: { target: geminiTarget } });
    expect(text).toBe(passed);
    expect(outcome).toMatchObject({ ending: 'truncated', failure: { kind }, contentStarted: true });
  });

  it('fails unseen when it tells an error first', async () => {
    vendor.follow(listing('[{"error":{"code":503,"status":"UNAVAILABLE"}}]'), listing(opening, ending, closing));
    const { outcome, text } = await adapter.call({ input: { target: geminiTarget } });
    expect(text).toBe(opening + ending + closing);
    expect(outcome.attempts).toHaveLength(2);
  });
});
