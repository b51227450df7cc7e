import { PictureNews } from '@bytespike/contracts';
import { GatewayError, LIMITS, tryParseJson } from '@bytespike/kernel';

/** Reads news of pictures out of frames, which end where the bus likes: a line each. */
export function createNewsReader(): (frame: Uint8Array) => readonly PictureNews[] {
  let left = '';
  const decoder = new TextDecoder();
  return (frame) => {
    const lines = (left + decoder.decode(frame, { stream: true })).split('\n');
    left = lines.pop() ?? '';
    if (left.length > LIMITS.vendorErrorBytesMax) throw garbled();
    return lines.filter((line) => line !== '').map(readNews);
  };
}

function readNews(line: string): PictureNews {
  const { success, data } = PictureNews.safeParse(tryParseJson(line));
  if (!success) throw garbled();
  return data;
}

const garbled = (): GatewayError => new GatewayError('internal', 'news of pictures that nobody can read');
