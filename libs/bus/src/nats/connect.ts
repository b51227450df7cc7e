import { connect, type NatsConnection } from '@nats-io/transport-node';

const RECONNECT_WAIT_MS = 250;
const RECONNECT_JITTER_MS = 250;
/** A NATS server that stops answering is noticed after two of these. */
const PING_EVERY_MS = 10_000;

/** Connects once, or says why not; afterwards the client reconnects for ever. Several addresses are comma-separated. */
export async function connectNats(name: string, natsUrl: string): Promise<NatsConnection> {
  const urls = natsUrl.split(',').map((address) => new URL(address.trim()));
  const [first] = urls;
  const user = first && decodeURIComponent(first.username);
  const password = first && decodeURIComponent(first.password);
  try {
    return await connect({
      name,
      servers: urls.map(({ host }) => host),
      ...(user && password ? { user, pass: password } : {}),
      ...(user && !password ? { token: user } : {}),
      ...(first?.protocol === 'tls:' ? { tls: {} } : {}),
      maxReconnectAttempts: -1,
      reconnectTimeWait: RECONNECT_WAIT_MS,
      reconnectJitter: RECONNECT_JITTER_MS,
      pingInterval: PING_EVERY_MS,
      maxPingOut: 2,
      noAsyncTraces: true,
    });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`cannot connect to NATS at ${urls.map(({ host }) => host).join(', ')}: ${reason}`, { cause });
  }
}
