import type { Render } from '../renders/render.js';
import { subjectAt } from '../renders/render.js';
import { taskFile } from '../seedance/render-task.js';
import { drawnFile } from '../seedream/draw.js';
import { fileReply } from '../wire/file-reply.js';
import type { Call, Failure, JsonReply, Reply, SimFile, Wire } from '../wire/wire.js';
import { Refusal } from '../wire/wire.js';
import { withSubject } from '../wire/with-subject.js';
import { signatureOf, ttlMsOf } from './tos.js';

const CODES: Readonly<Record<number, string>> = { 403: 'AccessDenied', 404: 'NoSuchKey', 416: 'InvalidRange' };

/** A store answers failures in XML, as object stores do. */
const renderFailure = ({ status, code, message, headers }: Failure, requestId: string): JsonReply => ({
  type: 'json',
  status,
  headers: { 'content-type': 'application/xml', ...headers },
  body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code ?? CODES[status] ?? 'InternalError'}</Code><Message>${message ?? 'We encountered an internal error.'}</Message><RequestId>${requestId.slice(0, 16)}</RequestId></Error>`,
});

const FILES: Readonly<Record<string, (render: Render, name: string) => SimFile | undefined>> = {
  seedance: taskFile,
  seedream: drawnFile,
};

const fetchFile = (call: Call): Reply => {
  const { wire = '', id = '', name = '' } = call.params;
  const known = wire === 'seedance' || wire === 'seedream' ? call.memory.renders.find(wire, id) : undefined;
  const file = known && FILES[wire]?.(known, name);
  if (known === undefined || file === undefined)
    throw new Refusal({ status: 404, message: 'The specified key does not exist.' });
  const subject = subjectAt(known, 'asset');
  return withSubject(subject, () => {
    if (call.query.get('X-Tos-Signature') !== signatureOf(known, name))
      throw new Refusal({ status: 403, code: 'SignatureDoesNotMatch', message: 'The signature does not match.' });
    if (known.endedMs === undefined || known.endedMs + ttlMsOf(known) <= call.nowMs)
      throw new Refusal({ status: 403, message: 'Request has expired' });
    known.fetches += 1;
    return fileReply(call, file, { subject });
  });
};

/** Where ByteDance leaves what it has drawn and filmed: no key is needed, the address is the permission. */
export const tosStore: Wire = {
  vendor: 'bytedance',
  prefix: '/ark-tos',
  bodyBytesMax: 0,
  authenticate: () => ({ key: 'sim-anybody' }),
  renderFailure,
  renderStreamFailure: () => [],
  routes: [{ method: 'GET', path: '/{wire}/{id}/{name}', step: 'asset', handle: fetchFile }],
};
