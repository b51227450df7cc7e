/** Room in memory for pictures that come inside answers, counted over all that are drawn in this process. */
export interface PictureRoom {
  /** Takes so many bytes until they are given back; undefined where too many are taken. */
  take(bytes: number): (() => void) | undefined;
}

/**
 * Room is taken before a vendor is asked, because an answer that finds none has been paid for. Where nothing is drawn
 * there is room for anything, so that no request is refused for ever.
 */
export function createPictureRoom(bytesMax: number): PictureRoom {
  let taken = 0;
  return {
    take(bytes) {
      if (taken > 0 && taken + bytes > bytesMax) return undefined;
      taken += bytes;
      return () => {
        taken -= bytes;
      };
    },
  };
}
