import type { HandlersFor, storedResponses, StreamSink } from '@bytespike/contracts';

const say = async (sink: StreamSink<object>, value: object): Promise<Record<string, never>> => {
  await sink.head({});
  await sink.data(Buffer.from(JSON.stringify(value)));
  return {};
};

/** Finds whatever is asked for, and keeps nothing. */
export const storedResponseHandlers = (): HandlersFor<typeof storedResponses> => ({
  expand: async (_request, sink) => {
    await say(sink, { model: 'model-one', input: ['earlier', 'now'], store: false });
    return { warnings: [] };
  },
  remember: async () => ({ result: 'kept' }),
  read: async ({ input: { responseId, form, startingAfter } }, sink) =>
    say(sink, { id: responseId, object: 'response', ...(form === 'stream' && { form, startingAfter }) }),
  listInputItems: async ({ input }, sink) => say(sink, { object: 'list', data: [], asked: input }),
  forget: async () => ({}),
});
