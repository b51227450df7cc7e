/** The records of an SSE text without those of comments alone, which clients that know comments skip. */
export const sseRecords = (text: string): readonly string[] =>
  text.split('\n\n').filter((record) => record !== '' && !record.split('\n').every((line) => line.startsWith(':')));
