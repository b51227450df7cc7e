import type { Json } from './fields.js';

/** What a tool's caller says of it, where it says something. */
export const describedBy = ({ description }: Json): { readonly description?: string } =>
  typeof description === 'string' ? { description } : {};
