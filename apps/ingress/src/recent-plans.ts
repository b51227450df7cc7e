import type { CallContext, ClientFor, Plan, routing } from '@bytespike/contracts';
import { LRUCache } from 'lru-cache';

export interface RecentPlansPorts {
  readonly routing: Pick<ClientFor<typeof routing>, 'plan'>;
  readonly now: () => number;
}

type Question = Parameters<RecentPlansPorts['routing']['plan']>[0];

interface Answer {
  readonly plan: Plan;
  readonly until: number;
  /** When one who asks again renews it, while the others still use it. */
  renewAt: number;
}

/**
 * Of a plan's time, how much passes before it is renewed. Were it used to its end, everyone who came before the next answer
 * would have to ask.
 */
const RENEWED_AFTER = 0.75;

const PLANS_MAX = 2_000;
/** No model's name is longer; what a caller writes instead of one is not kept. */
const MODEL_CHARACTERS_MAX = 200;

/**
 * Plans that the router said may be used again, for as long as it said: a busy caller asks the same a hundred times a
 * second. Refusals are not kept, and neither is a plan whose targets are drawn anew for every request.
 */
export class RecentPlans {
  private readonly answers = new LRUCache<string, Answer>({ max: PLANS_MAX });

  constructor(private readonly ports: RecentPlansPorts) {}

  /** Throws what `routing.plan` throws. */
  find(question: Question, context: CallContext): Plan | Promise<Plan> {
    if (question.model.length > MODEL_CHARACTERS_MAX) return this.ports.routing.plan(question, context);
    const name = nameOf(question);
    const known = this.answers.get(name);
    const now = this.ports.now();
    if (!known || now >= known.until) return this.ask(name, question, context);
    if (now < known.renewAt) return known.plan;
    known.renewAt = known.until;
    return this.ask(name, question, context);
  }

  private async ask(name: string, question: Question, context: CallContext): Promise<Plan> {
    const askedAt = this.ports.now();
    const plan = await this.ports.routing.plan(question, context);
    const { reusableMs } = plan;
    // Counted from the question: what changed while it was answered may not be in the answer.
    if (reusableMs !== undefined) {
      const renewAt = askedAt + RENEWED_AFTER * reusableMs;
      this.answers.set(name, { plan, until: askedAt + reusableMs, renewAt });
    }
    return plan;
  }
}

/** A bit for each feature, so that none is left out of a question's name. */
const FEATURE_BITS = {
  stream: 1,
  tools: 2,
  vision: 4,
  thinking: 8,
  state: 16,
  capsule: 32,
} as const satisfies Record<keyof Question['features'], number>;

const FEATURES = Object.entries(FEATURE_BITS) as [keyof Question['features'], number][];

/** Two questions with one name are the same question. Only the model is a caller's word, and it comes last. */
function nameOf({ groupId, protocol, operation, features, model }: Question): string {
  let asked = 0;
  for (const [feature, bit] of FEATURES) if (features[feature]) asked += bit;
  return `${groupId} ${protocol} ${operation} ${asked} ${model}`;
}
