/** A short Gemini stream without `alt=sse`: one JSON list, laid out as the vendor lays it out. */
const element = (text: string, more: object = {}): string =>
  JSON.stringify({ candidates: [{ content: { role: 'model', parts: [{ text }] }, ...more }] }, null, 2);

export const opening = `[${element('Grüße 🙂 "]}" an alle')}`;
export const ending = `,\r\n${element(' hier', { finishReason: 'STOP' }).replace(
  /\}$/,
  ', "usageMetadata": { "promptTokenCount": 9, "candidatesTokenCount": 4, "totalTokenCount": 13 } }',
)}`;
export const closing = '\n]\n';
