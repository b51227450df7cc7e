import type { TaskView } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';
import { errorCode } from '@bytespike/protocols';

/** Makes the address of an asset of ours, good for a day. */
export type AssetLinks = (assetName: string) => string;

/**
 * How names begin that the gateway has given to tasks itself, so that a repeat with the same `Idempotency-Key` finds the task
 * even if whoever took it died before saying so. Their clients never gave them a name, and are shown none.
 */
export const REPEAT_NAME = 'idempotency-key ';

/** The name that its client gave a task. */
export const clientsName = ({ outTaskId }: TaskView): string | null =>
  outTaskId === undefined || outTaskId.startsWith(REPEAT_NAME) ? null : outTaskId;

/** Epoch milliseconds as bodies print them. */
export const isoTime = (at: number): string => new Date(at).toISOString();

/** Why a task failed, in the words of refusals (contract 0.3); what a vendor said of our account with it is kept back. */
export function taskErrorJson({ failure }: TaskView): { readonly code: string; readonly message: string } | undefined {
  if (!failure) return undefined;
  const { kind, message } = failure;
  return { code: errorCode(kind, undefined), message: new GatewayError(kind, message).publicMessage };
}

/** What was made, besides where it is: a length and a frame only of films. */
export const madeJson = ({ kind, seconds, resolution, aspectRatio }: TaskView): object => ({
  ...(kind === 'video' && seconds !== undefined && { duration_seconds: seconds }),
  ...(resolution !== undefined && { resolution }),
  ...(aspectRatio !== undefined && { aspect_ratio: aspectRatio }),
});
