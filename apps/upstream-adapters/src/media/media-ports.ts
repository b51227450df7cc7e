import type { AssetStore } from '@bytespike/assets';
import type { HttpClient } from '@bytespike/http-client';
import type { AddressRules, SafeFetch } from '@bytespike/safe-fetch';

import type { ChannelDirectory } from '../channel-directory.js';
import type { WalkPorts } from '../walk-credentials.js';
import type { PictureRoom } from './submit/picture-room.js';

/** What calls about pictures and films need of the world. */
export interface MediaPorts extends WalkPorts {
  readonly channels: ChannelDirectory;
  /** Calls the addresses of channels. */
  readonly http: HttpClient;
  /** Calls every other address. */
  readonly foreign: SafeFetch;
  /** What such an address must be. */
  readonly addressRules: AddressRules;
  readonly store: AssetStore;
  readonly room: PictureRoom;
  /** Longest silence within an answer. */
  readonly stallMs: number;
  /** Unique, and nothing a stranger can guess. */
  readonly newId: () => string;
}
