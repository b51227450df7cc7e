// A program: asks a gateway to edit a picture, with forms of the sizes given, one after the other, and says what came back.
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

const [address = '', apiKey = '', ...sizes] = process.argv.slice(2);

const PIECE = Buffer.alloc(64 * 1024, 7);
const FIELDS = { model: 'gpt-image-2', prompt: 'with a hat', response_format: 'b64_json' };
const part = (name: string): string => `--b\r\nContent-Disposition: form-data; name="${name}"`;
const BEGINNING = Buffer.concat([
  ...Object.entries(FIELDS).map(([name, value]) => Buffer.from(`${part(name)}\r\n\r\n${value}\r\n`)),
  Buffer.from(`${part('image')}; filename="a.png"\r\n\r\n`),
  Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
]);
const END = Buffer.from('\r\n--b--\r\n');

function* form(bytes: number): Generator<Uint8Array> {
  yield BEGINNING;
  for (let left = bytes - BEGINNING.length - END.length; left > 0; left -= PIECE.length)
    yield PIECE.subarray(0, Math.min(left, PIECE.length));
  yield END;
}

for (const size of sizes.map(Number)) {
  const headers = {
    authorization: `Bearer ${apiKey}`,
    'content-type': 'multipart/form-data; boundary=b',
    'content-length': String(size),
  };
  const asked = request(`${address}/v1/images/edits`, { method: 'POST', headers });
  const answered = once(asked, 'response') as Promise<[IncomingMessage]>;
  await pipeline(Readable.from(form(size)), asked);
  const [response] = await answered;
  let received = 0;
  for await (const piece of response) received += (piece as Buffer).length;
  process.stdout.write(`${JSON.stringify({ status: response.statusCode, received })}\n`);
}
process.exit(0);
