import type { IncomingHttpHeaders } from 'node:http';
import { refuseAt } from './shape.js';

const API_VERSIONS = ['2023-06-01', '2026-10-21'] as const;
export type ApiVersion = (typeof API_VERSIONS)[number];

/** Reads `anthropic-version`, which the vendor insists upon. */
export const versionOf = (headers: IncomingHttpHeaders): ApiVersion => {
  const value = headers['anthropic-version'];
  if (value === undefined) return refuseAt('anthropic-version', 'header is required');
  const known = API_VERSIONS.find((version) => version === value);
  return known ?? refuseAt('anthropic-version', `"${String(value)}" is not a valid version`);
};

/** A beta is a name and a date. */
const BETA = /^[a-z0-9-]+-(\d{4}-\d{2}-\d{2}|\d{8})$/;

/** Reads `anthropic-beta`, refusing what cannot be the name of one. */
export const betasOf = (headers: IncomingHttpHeaders): readonly string[] => {
  const value = headers['anthropic-beta'];
  if (value === undefined) return [];
  const betas = (Array.isArray(value) ? value.join(',') : value).split(',').map((beta) => beta.trim());
  const unknown = betas.filter((beta) => !BETA.test(beta));
  if (unknown.length === 0) return betas;
  const named = unknown.map((beta) => `\`${beta}\``).join(', ');
  return refuseAt(
    '',
    `Unexpected value(s) ${named} for the \`anthropic-beta\` header. Please consult our documentation.`,
  );
};
