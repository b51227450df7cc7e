import { z } from 'zod';

import { anyObject } from '../any-object.js';
import { unknownNode } from './unknown-node.js';

const hints = {
  defer_loading: z.boolean().nullish(),
  allowed_callers: z.array(z.string()).nullish(),
  output_schema: anyObject.nullish(),
  async: z.boolean().nullish(),
};
const FunctionTool = z.looseObject({
  type: z.literal('function'),
  name: z.string().min(1),
  description: z.string().nullish(),
  parameters: anyObject.nullish(),
  strict: z.boolean().nullish(),
  ...hints,
});
const CustomTool = z.looseObject({
  type: z.literal('custom'),
  name: z.string().min(1),
  description: z.string().nullish(),
  format: anyObject.nullish(),
  ...hints,
});
const CallableTool = z.discriminatedUnion('type', [FunctionTool, CustomTool]);
const WEB_SEARCH = {
  filters: z
    .looseObject({
      allowed_domains: z.array(z.string()).nullish(),
      blocked_domains: z.array(z.string()).nullish(),
    })
    .nullish(),
  search_context_size: z.string().nullish(),
  external_web_access: z.boolean().nullish(),
  user_location: z
    .looseObject({
      city: z.string().nullish(),
      region: z.string().nullish(),
      country: z.string().nullish(),
      timezone: z.string().nullish(),
    })
    .nullish(),
};
const TOOLS = [
  FunctionTool,
  CustomTool,
  z.looseObject({
    type: z.literal('namespace'),
    name: z.string().min(1),
    description: z.string().nullish(),
    tools: z.array(CallableTool),
  }),
  z.looseObject({ type: z.literal('web_search'), ...WEB_SEARCH }),
  z.looseObject({ type: z.literal('web_search_2025_08_26'), ...WEB_SEARCH }),
  z.looseObject({ type: z.literal('web_search_preview'), ...WEB_SEARCH }),
  z.looseObject({ type: z.literal('web_search_preview_2025_03_11'), ...WEB_SEARCH }),
] as const;
const toolTypes: readonly string[] = TOOLS.map(({ shape }) => shape.type.value);
const KnownTool = z.discriminatedUnion('type', TOOLS);
export const Tool = z.union([KnownTool, unknownNode(toolTypes)]);

export type WireTool = z.output<typeof Tool>;
export type WireKnownTool = z.output<typeof KnownTool>;
export type WireCallableTool = z.output<typeof CallableTool>;

export const isKnownTool = (tool: WireTool): tool is WireKnownTool => toolTypes.includes(tool.type);
