import { GROUPS } from '../accounts.js';
import type { Submission } from './tasks.js';

/** A film of one model, as somebody might wish for it, and what the price list asks for it (contract 9.8). */
export interface Film {
  readonly model: string;
  /** What it is also called. */
  readonly alias?: string;
  readonly params: Submission['params'];
  readonly seconds: number;
  readonly usdPerSecond: string;
  /** The API of the vendor by which it is made. */
  readonly wire: 'openai-videos' | 'veo' | 'interactions' | 'seedance';
  /** The group that has it, if not every group. */
  readonly group?: number;
}

/** Every model of the catalogue that films, each wished for in other words, and one of an operator's own. */
export const FILMS: readonly Film[] = [
  {
    ...{ model: 'sora-2', alias: 'sora2', wire: 'openai-videos', usdPerSecond: '0.10', seconds: 5 },
    params: { duration_seconds: 5, aspect_ratio: '16:9' },
  },
  {
    ...{ model: 'sora-2-pro', alias: 'sora2-pro', wire: 'openai-videos', usdPerSecond: '0.50', seconds: 8 },
    params: { duration_seconds: 8, resolution: '1080p', style_preset: 'anime' },
  },
  {
    ...{ model: 'veo-3.1', alias: 'veo3.1', wire: 'veo', usdPerSecond: '0.40', seconds: 8 },
    params: { duration_seconds: 8, audio: true },
  },
  {
    ...{ model: 'veo-3.1-fast', alias: 'veo-3-1-fast', wire: 'veo', usdPerSecond: '0.20', seconds: 4 },
    params: { duration_seconds: 4, size: '1280x720' },
  },
  {
    ...{ model: 'veo-3.1-lite', alias: 'veo3.1-lite', wire: 'veo', usdPerSecond: '0.05', seconds: 6 },
    params: { duration_seconds: 6, negative_prompt: 'rain' },
  },
  {
    ...{ model: 'seedance-1.5-pro', wire: 'seedance', usdPerSecond: '0.12', seconds: 5 },
    params: { motion_intensity: 'high' },
  },
  {
    ...{ model: 'seedance-2.0', alias: 'seedance2', wire: 'seedance', usdPerSecond: '0.35', seconds: 7 },
    params: { duration_seconds: 7, aspect_ratio: '21:9', seed: 7 },
  },
  {
    ...{ model: 'seedance-2.0-pro', alias: 'seedance-pro', wire: 'seedance', usdPerSecond: '0.40', seconds: 10 },
    params: { seconds: 10, resolution: '720p', aspect_ratio: '1:1' },
  },
  {
    ...{ model: 'seedance-2.0-pro-fast', wire: 'seedance', usdPerSecond: '0.20', seconds: 6 },
    params: { duration: 6, ratio: '9:16' },
  },
  {
    ...{ model: 'seedance-fast', alias: 'seedance2-fast', wire: 'seedance', usdPerSecond: '0.10', seconds: 4 },
    params: { audio: false },
  },
  {
    ...{ model: 'e2e-omni', wire: 'interactions', usdPerSecond: '0.15', seconds: 3, group: GROUPS.extended },
    params: { duration_seconds: 3, resolution: '360p' },
  },
];

/** Pictures of one model, and what the price list asks for each (contract 10). */
export interface Drawing {
  readonly model: string;
  readonly alias?: string;
  readonly params: { readonly n: number; readonly size: string };
  readonly usdPerImage: string;
  /** Format and frame of what comes. */
  readonly frame: string;
  readonly wire: 'openai-images' | 'gemini-images' | 'seedream';
}

/** Every model of the catalogue that draws. */
export const DRAWINGS: readonly Drawing[] = [
  {
    ...{ model: 'gpt-image-2', alias: 'gpt-image-1', wire: 'openai-images', usdPerImage: '0.08' },
    ...{ params: { n: 2, size: '1024x1536' }, frame: 'png 1024x1536' },
  },
  {
    ...{ model: 'gpt-image-2-official', wire: 'openai-images', usdPerImage: '0.16' },
    ...{ params: { n: 1, size: '1024x1024' }, frame: 'png 1024x1024' },
  },
  {
    ...{ model: 'gpt-4o-image', wire: 'openai-images', usdPerImage: '0.042' },
    ...{ params: { n: 1, size: '1792x1024' }, frame: 'png 1536x1024' },
  },
  {
    ...{ model: 'nano-banana', wire: 'gemini-images', usdPerImage: '0.018' },
    ...{ params: { n: 1, size: '1024x1024' }, frame: 'png 1024x1024' },
  },
  {
    ...{ model: 'nano-banana-v2', wire: 'gemini-images', usdPerImage: '0.022' },
    ...{ params: { n: 2, size: '2048x2048' }, frame: 'png 2048x2048' },
  },
  {
    ...{ model: 'nano-banana-pro', wire: 'gemini-images', usdPerImage: '0.134' },
    ...{ params: { n: 1, size: '1024x1024' }, frame: 'png 1024x1024' },
  },
  {
    ...{ model: 'seedream-4', alias: 'seedream-v4', wire: 'seedream', usdPerImage: '0.025' },
    ...{ params: { n: 4, size: '1024x1024' }, frame: 'jpeg 1024x1024' },
  },
  {
    ...{ model: 'seedream-4.5', alias: 'seedream-v4.5', wire: 'seedream', usdPerImage: '0.03' },
    ...{ params: { n: 1, size: '2048x1024' }, frame: 'jpeg 2048x1024' },
  },
  {
    ...{ model: 'seedream-v5lite', wire: 'seedream', usdPerImage: '0.012' },
    ...{ params: { n: 3, size: '1024x1792' }, frame: 'jpeg 1024x1536' },
  },
];
