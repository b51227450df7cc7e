/** One exchange as the vendor saw it. */
export interface Exchange {
  readonly id: number;
  readonly atMs: number;
  readonly method: string;
  readonly path: string;
  /** Names and values in the order and case they came in. */
  readonly rawHeaders: readonly string[];
  body: Buffer;
  status: number | undefined;
  /** Response bytes after the head, as handed to the socket. */
  readonly sent: Buffer[];
  fault: string | undefined;
  endedAtMs: number | undefined;
  /** Set when the caller left before the answer was complete. */
  closedByPeerAtMs: number | undefined;
}

export interface Recorder {
  begin(request: { method: string; path: string; rawHeaders: readonly string[]; atMs: number }): Exchange;
  received(exchange: Exchange, body: Buffer): void;
  sent(exchange: Exchange, bytes: string | Buffer): void;
  /** The last exchanges after the given one, or of them those whose body contains a text. */
  since(id: number, which: { limit: number; containing: string }): readonly Exchange[];
  clear(): void;
}

const EXCHANGES_MAX = 2_000;
const BYTES_MAX = 256 * 1024 * 1024;
/** Of a larger body (pictures to edit) only the beginning is kept. */
const BODY_BYTES_MAX = 64 * 1024 * 1024;

const sizeOf = (exchange: Exchange): number =>
  exchange.sent.reduce((sum, bytes) => sum + bytes.length, exchange.body.length);

/** Keeps the last exchanges, bounded by number and by bytes; with `keep: 'none'` it only hands out ids. */
export const createRecorder = ({ keep }: { keep: 'all' | 'none' }): Recorder => {
  const exchanges = new Map<number, Exchange>();
  let bytesKept = 0;
  let nextId = 1;

  const trim = (): void => {
    for (const oldest of exchanges.values()) {
      if (exchanges.size <= EXCHANGES_MAX && bytesKept <= BYTES_MAX) return;
      exchanges.delete(oldest.id);
      bytesKept -= sizeOf(oldest);
    }
  };

  return {
    begin: (request) => {
      const exchange: Exchange = {
        ...request,
        id: nextId++,
        body: Buffer.alloc(0),
        status: undefined,
        sent: [],
        fault: undefined,
        endedAtMs: undefined,
        closedByPeerAtMs: undefined,
      };
      if (keep === 'all') {
        exchanges.set(exchange.id, exchange);
        trim();
      }
      return exchange;
    },
    received: (exchange, body) => {
      if (!exchanges.has(exchange.id)) return;
      exchange.body = body.length > BODY_BYTES_MAX ? Buffer.from(body.subarray(0, BODY_BYTES_MAX)) : body;
      bytesKept += exchange.body.length;
    },
    sent: (exchange, bytes) => {
      if (!exchanges.has(exchange.id)) return;
      const copy = Buffer.from(bytes);
      exchange.sent.push(copy);
      bytesKept += copy.length;
    },
    since: (id, { limit, containing }) =>
      Array.from(exchanges.values())
        .filter((exchange) => exchange.id > id && (containing === '' || exchange.body.includes(containing)))
        .slice(-limit),
    clear: () => {
      exchanges.clear();
      bytesKept = 0;
    },
  };
};
