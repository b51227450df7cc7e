// The least that a gateway on Node can do: node:http in, undici out, bytes passed on and nothing known of them. What it costs is
// the floor under every other number of the bench: `node bare-proxy.mjs ORIGIN PORT`.
import { createServer } from 'node:http';

import { Pool } from 'undici';

const [origin, port] = process.argv.slice(2);
const vendor = new Pool(origin, { connections: 512 });
const KEPT = ['content-type', 'content-length'];

createServer((request, response) => {
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', () =>
    vendor.dispatch(
      {
        path: request.url,
        method: request.method,
        headers: {
          'content-type': request.headers['content-type'],
          authorization: request.headers.authorization,
        },
        body: Buffer.concat(parts),
      },
      {
        onRequestStart: () => undefined,
        onResponseStart: (_, status, headers) =>
          response.writeHead(
            status,
            Object.fromEntries(KEPT.flatMap((name) => (headers[name] ? [[name, headers[name]]] : []))),
          ),
        onResponseData: (_, bytes) => void response.write(bytes),
        onResponseEnd: () => void response.end(),
        onResponseError: () => response.destroy(),
      },
    ),
  );
}).listen(Number(port), '127.0.0.1');
