import { runIngress, type IngressUnderTest } from '../testing/run-ingress.js';
import { nextServer } from '../testing/server-side.js';

let ingress: IngressUnderTest;
afterEach(() => ingress.stop());

describe('the server', () => {
  it('gives no client for ever to send a body, were it answered long ago', async () => {
    ingress = await runIngress({}, { timings: { uploadMs: 7_000 } });
    const server = nextServer();
    await ingress.send({ path: '/' });
    expect((await server).requestTimeout).toBe(27_000);
  });
});
