import { A, at, C, G, R, route, streamed, told } from '../testing/case.js';
import { responsesAnswer, responsesCall, responsesStream, responsesText } from '../testing/vendor-chunks.js';

const unfinished = ['cancelled', 'in_progress', 'queued'].flatMap((status) =>
  [A, C, G, R].flatMap((client) =>
    [responsesText('Half an ans'), responsesCall('c1', 'look')].map((item) => ({ status, client, item })),
  ),
);

it.each(unfinished)(
  'a $status answer with a $item.type is no answer to a $client client',
  ({ status, client, item }) => {
    const way = route(client, R);
    expect(() => told(way, responsesAnswer([item], { status }))).toThrow(
      expect.objectContaining({ kind: 'upstream-transient', message: expect.stringContaining(status) }),
    );
    expect(streamed(way, responsesStream([], [item], { status })).failure).toBe('upstream-transient');
  },
);

it.each([undefined, null, 'completed', 'done'])('an answer of the status %p has ended', (status) => {
  const answer = told(route(A, R), responsesAnswer([responsesText('Hi')], { status }));
  expect(at(answer, 'stop_reason')).toBe('end_turn');
});
