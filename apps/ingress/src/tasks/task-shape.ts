import { linkToAsset, type AssetUrls } from '@bytespike/assets';
import type { TaskView } from '@bytespike/contracts';
import { flatTaskJson, taskJson, videoTaskJson } from '@bytespike/media';

/** The documented shapes of a task (contract 9.7): whoever asks in one is answered in it. */
const SHAPES = { canonical: taskJson, flat: flatTaskJson, video: videoTaskJson } as const;

export type TaskShape = keyof typeof SHAPES;

export interface TaskShapePorts {
  readonly assetUrls: AssetUrls;
}

/** A task in one of its shapes, with links that are good from now on. */
export const shapedTask = (task: TaskView, shape: TaskShape, { assetUrls }: TaskShapePorts): object =>
  SHAPES[shape](task, (name) => linkToAsset(assetUrls, name, new Date()));
