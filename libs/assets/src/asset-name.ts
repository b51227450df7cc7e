import { assert } from '@bytespike/kernel';

import { extensionOf, type AssetContentType } from './content-type.js';

const NAME_CHARACTERS_MAX = 200;
/**
 * Folders and a file, of letters, digits, dashes and underscores, with one dot before the file's extension. No part can
 * begin with a dot, be empty, or mean anything to a file system, a URL or an object store.
 */
const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]*(\/[A-Za-z0-9][A-Za-z0-9_-]*){0,5}(\.[a-z0-9]{1,8})?$/;

/** Whether every store can keep an asset under this name. */
export const isAssetName = (name: string): boolean => name.length <= NAME_CHARACTERS_MAX && NAME.test(name);

/** For names that we have made: another one is a mistake of ours. */
export function assertAssetName(name: string): void {
  assert(isAssetName(name), 'assets are named by nameAsset');
}

/** What an asset's name is made of. */
export interface AssetIdentity {
  readonly kind: 'img' | 'vid' | 'upload';
  /** Unique, and nothing that a stranger can guess: a ULID of its own. */
  readonly id: string;
  readonly at: Date;
  readonly contentType: AssetContentType;
}

/** `vid/2026-11-20/01K....mp4`: a folder for each day keeps folders small and lists in the order of age. */
export function nameAsset({ kind, id, at, contentType }: AssetIdentity): string {
  const name = `${kind}/${at.toISOString().slice(0, 10)}/${id}.${extensionOf(contentType)}`;
  assertAssetName(name);
  return name;
}

/** A file that was made for a work: which of them it is, follows from its name. */
export interface MadeIdentity extends Omit<AssetIdentity, 'id'> {
  readonly workId: string;
  /** A number, or what sets an unfinished one apart. */
  readonly slot: string;
}

/** The name of what was made for a work, so that whoever knows the work finds it: `vid/2026-11-20/task_01K...-0.mp4`. */
export const nameMade = ({ workId, slot, ...identity }: MadeIdentity): string =>
  nameAsset({ ...identity, id: `${workId}-${slot}` });
