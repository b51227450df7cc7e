import { newCustomer } from './accounts.js';
import { download } from './media/files.js';
import { submitTask, untilEnded, type MadeFile } from './media/tasks.js';
import { callGateway } from './platform.js';

describe('the address of what was made', () => {
  let film: MadeFile;
  let whole: Buffer;
  beforeAll(async () => {
    const { key } = await newCustomer('50.00');
    const prompt = '[[fault: render-ms=200 asset-bytes=300k]] a film';
    const { task_id: id } = await submitTask(key, { model: 'seedance-fast', params: { prompt } });
    film = (await untilEnded(key, id)).output![0]!;
    whole = (await download(film.url)).bytes;
  });

  it('leads to all of it, and says that it does', async () => {
    expect(whole.length).toBe(film.size_bytes);
    const head = await fetch(film.url, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length'), head.headers.get('accept-ranges')]).toEqual([
      ...[200, String(film.size_bytes), 'bytes'],
    ]);
  });

  it.each([
    { range: 'bytes=0-99', first: 0, last: 99 },
    { range: 'bytes=1000-', first: 1_000, last: 300 * 1_024 - 1 },
    { range: 'bytes=-10', first: 300 * 1_024 - 10, last: 300 * 1_024 - 1 },
  ])('leads to a part of it ($range)', async ({ range, first, last }) => {
    const { status, bytes } = await download(film.url, { range });
    expect([status, bytes.equals(whole.subarray(first, last + 1))]).toEqual([206, true]);
  });

  it('is shown by a browser and runs nothing there', async () => {
    const { headers } = await fetch(film.url, { method: 'HEAD' });
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'video/mp4',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
      'x-content-type-options': 'nosniff',
    });
  });

  const spoiled = (change: (url: URL) => void) => (): string => {
    const url = new URL(film.url);
    change(url);
    return url.href;
  };
  it.each([
    { what: 'without its signature', at: spoiled((url) => url.searchParams.delete('signature')) },
    { what: 'with a later end', at: spoiled((url) => url.searchParams.set('expires', '9999999999')) },
    { what: 'for another file', at: spoiled((url) => void (url.pathname = url.pathname.replace('-0.mp4', '-1.mp4'))) },
    { what: 'for what lies beside it', at: spoiled((url) => void (url.pathname += '/../../../secrets.json')) },
  ])('leads nowhere $what, with or without a key', async ({ at }) => {
    const url = new URL(at());
    const answers = await Promise.all([fetch(url), callGateway(`${url.pathname}${url.search}`)]);
    expect(answers.map(({ status }) => status >= 400 && status < 500)).toEqual([true, true]);
  });
});
