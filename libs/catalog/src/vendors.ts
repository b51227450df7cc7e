import type { Vendor } from './vendor.js';
import { anthropic } from './vendors/anthropic.js';
import { bytedance } from './vendors/bytedance.js';
import { deepseek } from './vendors/deepseek.js';
import { google } from './vendors/google.js';
import { minimax } from './vendors/minimax.js';
import { moonshot } from './vendors/moonshot.js';
import { openai } from './vendors/openai.js';
import { zhipu } from './vendors/zhipu.js';

/** Every company we can call. Adding one is adding a file of data and a line here. */
export const VENDORS = {
  anthropic,
  openai,
  google,
  deepseek,
  moonshot,
  zhipu,
  minimax,
  bytedance,
} as const satisfies Record<string, Vendor>;

export type VendorName = keyof typeof VENDORS;

/** Every vendor there is, by name. */
export const vendorNames = Object.keys(VENDORS) as readonly VendorName[];

/** Whether the table has a vendor of that name. */
export const isVendorName = (name: string): name is VendorName => Object.hasOwn(VENDORS, name);

/** The vendor of that name, seen as plain data; absent when the table lacks it. */
export const findVendor = (name: string): Vendor | undefined => (isVendorName(name) ? VENDORS[name] : undefined);
