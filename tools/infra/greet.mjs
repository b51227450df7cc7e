// Whether a given server is of the kind it should be, asked in the first words of its own protocol: a port that is
// open, but somebody else's, is otherwise noticed much later and by whoever happens to use it first.
import { connect } from 'node:net';

const GREETINGS = {
  // PostgreSQL's SSLRequest, answered with one letter.
  'postgres:': { say: Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]), hear: /^[SN]/ },
  'postgresql:': { say: Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]), hear: /^[SN]/ },
  'nats:': { say: '', hear: /^INFO / },
  'redis:': { say: 'PING\r\n', hear: /^[+-]/ },
};

const GREETING_LIMIT_MS = 3_000;

/** Resolves to `right`, `wrong` (connected, but not understood in time) or `silent` (nobody there). */
export function greet({ protocol, host, port }) {
  // Behind TLS the first words are not ours to say.
  const { say, hear } = GREETINGS[protocol] ?? { say: '', hear: undefined };
  return new Promise((resolve) => {
    let connected = false;
    const socket = connect({ host, port, timeout: GREETING_LIMIT_MS });
    const end = (found) => {
      resolve(found);
      socket.destroy();
    };
    socket.once('connect', () => {
      connected = true;
      if (!hear) return end('right');
      socket.write(say);
    });
    socket.once('data', (bytes) => end(hear.test(bytes.toString('latin1')) ? 'right' : 'wrong'));
    for (const event of ['timeout', 'error', 'close']) socket.once(event, () => end(connected ? 'wrong' : 'silent'));
  });
}
