import type { PictureNews, StreamSink } from '@bytespike/contracts';

const encoder = new TextEncoder();

/** Tells of pictures one after the other, a line of JSON each, at the pace of whoever listens. */
export function pictureTeller(sink: Pick<StreamSink<unknown>, 'data'>): (news: PictureNews) => Promise<void> {
  let before: Promise<void> = Promise.resolve();
  return (news) => {
    const told = before.then(() => sink.data(encoder.encode(`${JSON.stringify(news)}\n`)));
    // A listener who has left loses the news, not the pictures.
    before = told.then(undefined, () => undefined);
    return before;
  };
}
