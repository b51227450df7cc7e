import { colorOf } from '../files/pixels.js';
import { filmFile } from '../files/sim-file.js';
import type { Render, RenderWire } from '../renders/render.js';
import { subjectAt } from '../renders/render.js';
import { fileReply } from '../wire/file-reply.js';
import type { Call, Reply, Route, SimFile } from '../wire/wire.js';
import { refuse } from './refuse.js';

const KEPT_MS = 2 * 24 * 60 * 60 * 1_000;

const HEIGHTS: Readonly<Record<string, number>> = { '360p': 360, '720p': 720, '1080p': 1_080, '4k': 2_160 };
const WIDE = 16 / 9;

/** Which shape of film a render of Google's was ordered in. */
export type FilmShape = { readonly seconds: number; readonly aspectRatio: string; readonly resolution: string };

/** A film of Google's: the shorter edge is the resolution. */
export const googleFilm = ({ asked, prompt, orders }: Pick<Render, 'asked' | 'prompt' | 'orders'>): SimFile => {
  const { seconds, aspectRatio, resolution } = asked as FilmShape;
  const short = HEIGHTS[resolution] ?? 720;
  const long = Math.round(short * WIDE);
  const [width, height] = aspectRatio === '9:16' ? [short, long] : [long, short];
  return filmFile({ width, height, color: colorOf(prompt), seconds }, orders.assetBytes);
};

const WIRES: Readonly<Record<string, RenderWire>> = { v: 'veo', i: 'interactions' };

/** The name of a file: whose it is, which film of an order, and the order. Letters and digits, as the SDK expects. */
const fileNameOf = ({ wire, id }: Render, index: number): string => `${wire === 'veo' ? 'v' : 'i'}${index}${id}`;

/** Where a file is fetched; the key is needed there. */
export const fileAddress = (call: Call, render: Render, index = 0): string =>
  `http://${call.headers.host ?? '127.0.0.1'}/gemini/v1beta/files/${fileNameOf(render, index)}:download?alt=media`;

const found = (call: Call): Render => {
  const name = call.params['file'] ?? '';
  const render = call.memory.renders.find(WIRES[name.charAt(0)] ?? 'veo', name.slice(2));
  if (render === undefined || render.key !== call.key)
    return refuse(`You do not have permission to access the File ${name} or it may not exist.`, 403);
  return render;
};

/** Sends the caller on. Faults ordered for the file strike where it lies, not here. */
const redirect = (call: Call): Reply => {
  const render = found(call);
  const kept = render.orders.assetTtlMs ?? KEPT_MS;
  if (render.endedMs === undefined || render.endedMs + kept <= call.nowMs)
    refuse(`You do not have permission to access the File ${call.params['file'] ?? ''} or it may not exist.`, 403);
  // The key has done its work here: the place it leads to takes the address itself for a permission.
  const location = `http://${call.headers.host ?? '127.0.0.1'}/gemini-download/${call.params['file'] ?? ''}`;
  return { type: 'json', status: 302, headers: { location, 'content-type': 'text/html' }, body: '' };
};

/** The download of the files API. */
export const FILE_ROUTES: readonly Route[] = [
  { method: 'GET', path: '/v1beta/files/{file}:download', handle: redirect },
];

/** Where downloads lead to: whoever knows an address may fetch. */
export const DOWNLOAD_ROUTE: Route = {
  method: 'GET',
  path: '/{file}',
  step: 'asset',
  handle: (call) => {
    const name = call.params['file'] ?? '';
    const render = call.memory.renders.find(WIRES[name.charAt(0)] ?? 'veo', name.slice(2));
    if (render === undefined) return refuse('Not found.', 404);
    render.fetches += 1;
    return fileReply(call, googleFilm(render), { subject: subjectAt(render, 'asset') });
  },
};
