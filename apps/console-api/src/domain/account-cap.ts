import { indexCatalogue, resolveModelName, type CatalogueDocument } from '@bytespike/catalog';
import { MemberId, type Span } from '@bytespike/contracts';
import { GatewayError, type NanoUsd } from '@bytespike/kernel';

/** What a subject may cost its account within a span; an amount of zero takes the cap away. */
export interface AccountCap {
  readonly subject: string;
  readonly span: Span;
  readonly amount: NanoUsd;
}

/** An organisation with caps on each of its thousand members, for two spans, needs a fifth. */
export const ACCOUNT_CAPS_MAX = 10_000;

export interface CappedAccount {
  readonly kind: string;
  readonly catalogue: CatalogueDocument;
}

/** Refuses caps that could never hold: a misspelt subject would be a cap that nobody meets. */
export function assertCaps(caps: readonly AccountCap[], { kind, catalogue }: CappedAccount): void {
  const seen = new Set<string>();
  const models = indexCatalogue(catalogue);
  for (const { subject, span } of caps) {
    if (seen.has(`${subject} ${span}`)) throw refused(subject, `is capped twice for ${span}`);
    seen.add(`${subject} ${span}`);
    if (subject === 'account') continue;
    const [, sort, id = ''] = /^(member|model):(.+)$/s.exec(subject) ?? [];
    if (sort === 'member') assertMember(subject, id, kind);
    else if (sort === 'model') assertModel(subject, id, models);
    else throw refused(subject, 'is not "account", "member:ID" or "model:ID"');
  }
}

function assertMember(subject: string, id: string, kind: string): void {
  if (kind !== 'organisation') throw refused(subject, 'is a member, and only an organisation has members');
  if (!MemberId.safeParse(id).success) throw refused(subject, 'is no id of a member');
}

function assertModel(subject: string, id: string, models: ReturnType<typeof indexCatalogue>): void {
  if (models.modelsById.has(id)) return;
  const meant = resolveModelName(models, id);
  // Spend is counted under the model's own id, so a cap under another name would never be met.
  const hint = meant?.kind === 'model' ? `: its id is ${meant.model.id}` : '';
  throw refused(subject, `is no model of the catalogue${hint}`);
}

const refused = (subject: string, why: string): GatewayError =>
  new GatewayError('invalid-request', `caps: "${subject.slice(0, 200)}" ${why}`, { details: { param: 'caps' } });
