/** A short Chat stream, record by record. */
export const event = (data: object | string): string =>
  `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;

export const delta = (content: string, finish: string | null = null): string =>
  event({ choices: [{ index: 0, delta: finish ? {} : { content }, finish_reason: finish }] });

export const hello = event({ choices: [{ index: 0, delta: { role: 'assistant', content: '' } }] });
export const words = delta('Grüße 🙂 an alle hier');
export const stop = delta('', 'stop');
const report = event({ choices: [], usage: { prompt_tokens: 9, completion_tokens: 4, total_tokens: 13 } });
export const done = event('[DONE]');
export const whole = hello + words + stop + report + done;
