import type { JsonObject } from '@bytespike/kernel';
import type { Citation, HostedTool, ServerToolCallPart, ServerToolResultPart, WebSearch } from '@bytespike/ir';

import { given, group } from '../given.js';
import type { LossList } from '../losses.js';
import { CAPSULE_PREFIX } from '../capsule-marks.js';
import type { WireBlock, WireTool } from './schema.js';

/** The oldest version of the tool: every model that searches knows it. */
const SEARCH_TYPE = 'web_search_20250305';
const SEARCH_NAME = 'web_search';

/**
 * Stands where the vendor seals what its search found. It cannot be forged, so what another vendor found is marked as
 * ours: such blocks are left out again when they come back (protocols 2.11, L71).
 */
const FOUND_ELSEWHERE = `${CAPSULE_PREFIX}search`;

const texts = (value: unknown): readonly string[] | undefined =>
  Array.isArray(value) && value.length > 0 ? value.filter((entry) => typeof entry === 'string') : undefined;

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** How a declared search is bounded. */
export function searchToIr(tool: WireTool): { search?: WebSearch } {
  const { allowed_domains, blocked_domains, max_uses, user_location } = tool;
  const place = (user_location ?? {}) as JsonObject;
  const { city, region, country, timezone } = place;
  return group('search', {
    allowedDomains: texts(allowed_domains),
    blockedDomains: texts(blocked_domains),
    usesMax: typeof max_uses === 'number' ? max_uses : undefined,
    ...group('location', {
      city: text(city),
      region: text(region),
      country: text(country),
      timezone: text(timezone),
    }),
  });
}

/** A search another wire declared, or nothing where its bounds cannot be kept: it then must not search at all. */
export function searchFromIr({ search = {}, cache }: HostedTool, path: string, losses: LossList): WireTool | undefined {
  const { allowedDomains, blockedDomains, usesMax, contextSize, offline, location, ...unhandled } = search;
  unhandled satisfies Record<string, never>;
  if (offline) return undefined;
  if (contextSize !== undefined) losses.drop('L26', `${path}.search.contextSize`);
  // Either list, not both.
  if (allowedDomains && blockedDomains) losses.drop('L70', `${path}.search.blockedDomains`);
  return {
    type: SEARCH_TYPE,
    name: SEARCH_NAME,
    ...given({
      allowed_domains: allowedDomains && [...allowedDomains],
      blocked_domains: allowedDomains ? undefined : blockedDomains && [...blockedDomains],
      max_uses: usesMax,
      user_location: location && { type: 'approximate', ...location },
    }),
    ...(cache && { cache_control: { type: 'ephemeral' } }),
  };
}

/** Whether a block, or a citation, tells of a search that another vendor made. */
export function wasFoundElsewhere(node: Readonly<Record<string, unknown>>): boolean {
  const { content, encrypted_index } = node;
  const found: readonly unknown[] = Array.isArray(content) ? content : [];
  const sealed = found.map((entry) => (entry as { encrypted_content?: unknown } | null)?.encrypted_content);
  return [encrypted_index, ...sealed].includes(FOUND_ELSEWHERE);
}

/** Ids of the searches in a message that other vendors made. */
export const searchesElsewhere = (content: readonly WireBlock[]): ReadonlySet<string> =>
  new Set(content.flatMap((block) => (wasFoundElsewhere(block) ? [String((block as JsonObject)['tool_use_id'])] : [])));

const searchId = (id: string): string =>
  id.startsWith('srvtoolu_') ? id : `srvtoolu_${id.replace(/[^A-Za-z0-9_]/g, '_')}`;

/** Another vendor's search as a client of this wire reads one. Tools without a form here are left out. */
export function serverToolBlocks(part: ServerToolCallPart | ServerToolResultPart): WireBlock[] {
  if (part.family !== 'web-search') return [];
  if (part.type === 'server-tool-call') {
    const { query } = part.input;
    return [{ type: 'server_tool_use', id: searchId(part.id), name: SEARCH_NAME, input: { query: text(query) ?? '' } }];
  }
  const content = part.error
    ? { type: 'web_search_tool_result_error', error_code: 'unavailable' }
    : part.sources.map(({ url, title }) => ({
        type: 'web_search_result',
        url,
        title: title ?? url,
        page_age: null,
        encrypted_content: FOUND_ELSEWHERE,
      }));
  return [{ type: 'web_search_tool_result', tool_use_id: searchId(part.callId), content }];
}

/** A citation as this wire has it, for the text it belongs to. */
export function citationFromIr(citation: Citation, cited: string): ({ type: string } & JsonObject) | undefined {
  const { url, title, citedText, start, end } = citation;
  if (url === undefined) return undefined;
  const span = citedText ?? [...cited].slice(start ?? 0, end).join('');
  return {
    type: 'web_search_result_location',
    url,
    title: title ?? url,
    cited_text: span,
    encrypted_index: FOUND_ELSEWHERE,
  };
}
