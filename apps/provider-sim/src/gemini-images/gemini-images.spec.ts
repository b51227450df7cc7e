import { GoogleGenAI } from '@google/genai';
import type { GenerateContentConfig } from '@google/genai';
import { gemini } from '../gemini/gemini.js';
import { lendDispatcher } from '../testing/lend-dispatcher.js';
import type { RunningSimulator } from '../testing/start-simulator.js';
import { startSimulator } from '../testing/start-simulator.js';

let simulator: RunningSimulator;
let client: GoogleGenAI;
beforeAll(async () => {
  lendDispatcher();
  simulator = await startSimulator([gemini]);
  client = new GoogleGenAI({ apiKey: 'sim-gemini', httpOptions: { baseUrl: `${simulator.address}/gemini` } });
});
afterAll(() => simulator.close());

const draw = (contents: string, config: GenerateContentConfig = {}, model = 'gemini-3-pro-image') =>
  client.models.generateContent({ model, contents: `${contents} [[fault: render-ms=0]]`, config });

describe('the pictures of Gemini, asked for by the official package', () => {
  it.each([
    'gemini-3-pro-image',
    'gemini-3.1-flash-image',
    'gemini-2.5-flash-image',
    'gemini-3.1-flash-lite-image',
    'gemini-nano-banana-2.1',
    'gemini-3-pro-image-preview',
  ])('come from %s as parts beside words, in the size and shape asked for', async (model) => {
    const imageConfig = { aspectRatio: '16:9', imageSize: '2K' };
    const answer = await draw('a cat', { imageConfig }, model);
    const parts = answer.candidates?.[0]?.content?.parts ?? [];
    expect(parts.map((part) => Object.keys(part))).toEqual([['text'], ['inlineData']]);
    const png = Buffer.from(parts[1]?.inlineData?.data ?? '', 'base64');
    expect([parts[1]?.inlineData?.mimeType, png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([
      'image/png',
      2_731,
      1_536,
    ]);
    expect(answer.candidates?.[0]?.finishReason).toBe('STOP');
    expect(answer.usageMetadata?.candidatesTokensDetails).toEqual([{ modality: 'IMAGE', tokenCount: 1_120 }]);
  });

  it('come alone where only pictures are asked for, drawn over those that are sent', async () => {
    const answer = await client.models.generateContent({
      model: 'gemini-3-pro-image',
      contents: [{ inlineData: { mimeType: 'image/png', data: 'eA==' } }, { text: 'blue [[fault: render-ms=0]]' }],
      config: { responseModalities: ['IMAGE'] },
    });
    expect(answer.candidates?.[0]?.content?.parts?.map((part) => Object.keys(part))).toEqual([['inlineData']]);
    expect(answer.usageMetadata?.promptTokensDetails).toMatchObject([{}, { modality: 'IMAGE', tokenCount: 258 }]);
  });

  it.each([
    ['filtered', 'IMAGE_SAFETY'],
    ['empty', 'NO_IMAGE'],
    ['failed', 'IMAGE_OTHER'],
    ['image_recitation', 'IMAGE_RECITATION'],
    ['IMAGE_PROHIBITED_CONTENT', 'IMAGE_PROHIBITED_CONTENT'],
  ])('do not come when %s is ordered, in an answer that is otherwise well', async (outcome, finishReason) => {
    const answer = await draw(`x [[fault: outcome=${outcome}]]`);
    expect(answer.candidates).toMatchObject([{ finishReason, content: {} }]);
    expect(answer.candidates?.[0]?.content?.parts).toBeUndefined();
    expect(answer.usageMetadata?.candidatesTokenCount).toBeUndefined();
  });

  it('are not begun when the prompt is blocked', async () => {
    const answer = await draw('x [[fault: outcome=blocked]]');
    expect([answer.candidates, answer.promptFeedback?.blockReason]).toEqual([undefined, 'PROHIBITED_CONTENT']);
  });

  it.each([{ aspectRatio: '5:1' }, { imageSize: '8K' }])('refuse %j', async (imageConfig) => {
    await expect(draw('x', { imageConfig })).rejects.toMatchObject({ status: 400 });
  });
});
