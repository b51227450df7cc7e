import { countTokens } from '../brain/tokens.js';
import { splitModel, withoutFaultMarks } from '../faults/fault-marks.js';
import { colorOf } from '../files/pixels.js';
import { base64Of, pictureFile } from '../files/sim-file.js';
import { checkContents, contentsOf, partsOf } from '../gemini/check-contents.js';
import { checkRequest, configOf } from '../gemini/check-request.js';
import { googleJson } from '../gemini/google-json.js';
import { GENERATE_REQUEST } from '../gemini/messages.js';
import type { GeminiModel } from '../gemini/models.js';
import type { Json } from '../gemini/proto.js';
import { isObject, readMessage } from '../gemini/proto.js';
import { refuse } from '../gemini/refuse.js';
import { ordersIn } from '../renders/render.js';
import type { Subject } from '../wire/subject.js';
import type { Call, JsonReply } from '../wire/wire.js';
import { withSubject } from '../wire/with-subject.js';

const MODEL =
  /^gemini-(\d(\.\d)?-(flash|pro|flash-lite)-image|nano-banana-\d\.\d|[\w.-]*sim[\w.-]*image)(-preview.*)?$/;

/** Whether a model draws: it is asked by the same call as those that write. */
export const isDrawingModel = (name: string): boolean => MODEL.test(splitModel(name).name);

const RENDER_MS_USUAL = 300;
const TOKENS_PER_INPUT = 258;
/** By the size a picture was asked in. */
const SIZES: Readonly<Record<string, { readonly pixels: number; readonly tokens: number }>> = {
  '512': { pixels: 512, tokens: 747 },
  '1K': { pixels: 1_024, tokens: 1_120 },
  '2K': { pixels: 2_048, tokens: 1_120 },
  '4K': { pixels: 4_096, tokens: 2_000 },
};
const RATIOS = ['1:1', '1:4', '1:8', '2:3', '3:2', '3:4', '4:1', '4:3', '4:5', '5:4', '8:1', '9:16', '16:9', '21:9'];

interface Drawing {
  readonly subject: Subject;
  readonly request: Json;
  readonly inputs: number;
  readonly aspectRatio: string;
  readonly size: { readonly pixels: number; readonly tokens: number };
}

/** `:generateContent` of a model that draws. */
export const drawContent = (call: Call): JsonReply => {
  const drawing = readDrawing(call);
  const { subject } = drawing;
  const orders = ordersIn(subject);
  const renderMs = orders.renderMs ?? RENDER_MS_USUAL;
  const { renders } = call.memory;
  const order = { wire: 'gemini-images', key: call.key, ...subject, asked: {} } as const;
  return googleJson(bodyOf(call, drawing), {
    subject,
    accept: () => renders.fulfil({ ...order, id: renders.nextName(call.digest) }),
    ...(renderMs > 0 && { afterMs: renderMs }),
  });
};

const readDrawing = (call: Call): Drawing => {
  const model = call.params['model'] ?? '';
  const request = withSubject({ model, prompt: '' }, () => readMessage(call.json(), GENERATE_REQUEST));
  const parts = contentsOf(request).flatMap(partsOf);
  const prompt = parts
    .map(({ text }) => (typeof text === 'string' ? text : ''))
    .join('\n')
    .trim();
  const subject = { model, prompt };
  return withSubject(subject, () => {
    checkRequest(request, limitsOf(splitModel(model).name));
    checkContents(request, limitsOf(splitModel(model).name));
    const config = configOf(request)['imageConfig'];
    const { aspectRatio = '1:1', imageSize = '1K' } = isObject(config) ? config : {};
    const size = SIZES[String(imageSize)];
    if (!RATIOS.includes(String(aspectRatio)))
      refuse(`Invalid value at 'generation_config.image_config.aspect_ratio': ${JSON.stringify(aspectRatio)}`);
    if (size === undefined)
      return refuse(`Invalid value at 'generation_config.image_config.image_size': ${JSON.stringify(imageSize)}`);
    const inputs = parts.filter(({ inlineData, fileData }) => isObject(inlineData) || isObject(fileData)).length;
    return { subject, request, inputs, aspectRatio: String(aspectRatio), size };
  });
};

const limitsOf = (id: string): GeminiModel => ({
  id,
  displayName: id,
  generation: id.startsWith('gemini-2.5') ? '2.5' : '3',
  inputTokenLimit: 65_536,
  outputTokenLimit: 32_768,
  thinkingFloor: 'none',
  cacheTokensMin: 2_048,
});

/** Why nothing was drawn, in the word that stands where a writer would say `STOP`. */
const FINISHES: Readonly<Record<string, string>> = {
  filtered: 'IMAGE_SAFETY',
  empty: 'NO_IMAGE',
  failed: 'IMAGE_OTHER',
};

const bodyOf = (call: Call, drawing: Drawing): object => {
  const { subject } = drawing;
  const { outcome } = ordersIn(subject);
  const count = outcome === undefined ? (ordersIn(subject).samples ?? 1) : 0;
  const about = {
    usageMetadata: usageOf(drawing, count),
    modelVersion: splitModel(subject.model).name,
    responseId: call.digest.slice(0, 22),
  };
  if (outcome === 'blocked') return { promptFeedback: { blockReason: 'PROHIBITED_CONTENT' }, ...about };
  if (outcome !== undefined) {
    const finishReason = FINISHES[outcome] ?? outcome.toUpperCase();
    const finishMessage = 'Unable to show the generated image.';
    return { candidates: [{ content: {}, finishReason, finishMessage, index: 0 }], ...about };
  }
  const parts = [...saidIn(drawing), ...Array.from({ length: count }, (_, index) => pictureIn(drawing, index))];
  return { candidates: [{ content: { parts, role: 'model' }, finishReason: 'STOP', index: 0 }], ...about };
};

/** A few words come with a picture, unless only pictures were asked for. */
const saidIn = ({ request }: Drawing): readonly object[] => {
  const modalities = configOf(request)['responseModalities'];
  return Array.isArray(modalities) && !modalities.includes('TEXT') ? [] : [{ text: 'Here is your image: ' }];
};

const pictureIn = ({ subject, aspectRatio, size }: Drawing, index: number): object => {
  const [across = 1, down = 1] = aspectRatio.split(':').map(Number);
  const edge = size.pixels / Math.sqrt(across * down);
  const color = colorOf(`${withoutFaultMarks(subject.prompt)} ${index}`);
  const shape = { width: Math.round(edge * across), height: Math.round(edge * down), color };
  const file = pictureFile('png', shape, ordersIn(subject).assetBytes);
  return { inlineData: { mimeType: file.type, data: base64Of(file) } };
};

const usageOf = ({ subject, inputs, size }: Drawing, pictures: number): object => {
  const text = countTokens(withoutFaultMarks(subject.prompt));
  const seen = inputs * TOKENS_PER_INPUT;
  const drawn = pictures * size.tokens;
  return {
    promptTokenCount: text + seen,
    ...(drawn > 0 && { candidatesTokenCount: drawn }),
    totalTokenCount: text + seen + drawn,
    promptTokensDetails: [
      { modality: 'TEXT', tokenCount: text },
      ...(seen > 0 ? [{ modality: 'IMAGE', tokenCount: seen }] : []),
    ],
    ...(drawn > 0 && { candidatesTokensDetails: [{ modality: 'IMAGE', tokenCount: drawn }] }),
  };
};
