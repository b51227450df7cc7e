// What is asked: small and large bodies, whole and streamed, as fast as possible and at a steady rate.

const KIB = 1024;
const padding = (bytes) =>
  'The quick brown fox jumps over the lazy dog. '.repeat(Math.ceil(bytes / 45)).slice(0, bytes);

/** Between scenarios: connections are opened and what the last load left behind is done with. */
const warmUpSeconds = 2;
const closed = (seconds) => ({ concurrency: 16, seconds, warmUpSeconds });
/** Processes that always have work: with fewer clients much of a request's CPU is the machine's waking up for it. */
const busy = (seconds) => ({ ...closed(seconds), concurrency: 64 });
const steady = (seconds) => ({ perSecond: 200, seconds, warmUpSeconds });
/** 300 KB at a rate that two cores carry for everybody, ours split over NATS included: an overload would measure the queue. */
const steadyLarge = (seconds) => ({ ...steady(seconds), perSecond: 50 });
/** A vendor that writes a frame every few milliseconds, for gaps that mean something. */
const DRIP = '[[fault: drip=5]]\n';

/**
 * Before anything is measured, everybody serves ten thousand requests or so. A server's code is compiled while it runs,
 * for that long; a measurement before that is of compilers, and most processes live longer than that.
 */
export const settlingIn = {
  name: 'settling in',
  bodyBytes: KIB,
  stream: false,
  load: { concurrency: 16, seconds: 10, warmUpSeconds },
};

export const scenarios = (seconds) => [
  { name: '1 KB whole, closed loop', bodyBytes: KIB, stream: false, load: closed(seconds) },
  { name: '1 KB whole, 64 at once', bodyBytes: KIB, stream: false, load: busy(seconds) },
  { name: '1 KB stream, closed loop', bodyBytes: KIB, stream: true, load: closed(seconds) },
  { name: '300 KB whole, closed loop', bodyBytes: 300 * KIB, stream: false, load: closed(seconds) },
  { name: '300 KB stream, closed loop', bodyBytes: 300 * KIB, stream: true, load: closed(seconds) },
  { name: '1 KB whole, 200/s', bodyBytes: KIB, stream: false, load: steady(seconds) },
  { name: '1 KB stream, 200/s', bodyBytes: KIB, stream: true, load: steady(seconds) },
  { name: '300 KB whole, 50/s', bodyBytes: 300 * KIB, stream: false, load: steadyLarge(seconds) },
  { name: '300 KB stream, 50/s', bodyBytes: 300 * KIB, stream: true, load: steadyLarge(seconds) },
  { name: '1 KB slow stream, 16 at once', bodyBytes: KIB, stream: true, drip: true, load: closed(seconds) },
];

/** The same Chat request for every target, about as large as the scenario says. */
export function chatRequest({ bodyBytes, stream, drip, prompt }, { path, headers }) {
  const orders = prompt ?? `${drip ? DRIP : ''}count to 40`;
  const content = `${orders}\n${padding(bodyBytes - 200)}`;
  const body = JSON.stringify({
    model: 'gpt-5.4',
    stream,
    ...(stream && { stream_options: { include_usage: true } }),
    messages: [{ role: 'user', content }],
  });
  return {
    path,
    headers: { 'content-type': 'application/json', ...headers },
    body,
    marker: stream ? { content: '"content"', end: '[DONE]' } : { content: '{', end: '}' },
  };
}
