import type { GenerateRequest, Loss, Turn } from '@bytespike/ir';

/** What no vendor accepts of a conversation: calls and results that do not match, and an end in mid-answer. */
export function conversationLosses({ turns }: GenerateRequest): readonly Loss[] {
  const losses: Loss[] = [];
  let owed = new Map<string, string>();
  const closeStep = (): void => {
    for (const path of owed.values()) losses.push({ code: 'L31', path, effect: 'approximated' });
    owed = new Map();
  };
  turns.forEach((turn, index) => {
    // What the model says without having been answered is one step, in however many messages it was written.
    if (turn.role === 'assistant' && turns[index - 1]?.role !== 'assistant') closeStep();
    turn.parts.forEach((part, at) => {
      const path = `turns.${index}.parts.${at}`;
      if (part.type === 'tool-call') owed.set(part.id, path);
      else if (part.type === 'tool-result' && !owed.delete(part.callId))
        losses.push({ code: 'L31', path, effect: 'approximated' });
    });
  });
  closeStep();
  return endsInMidAnswer(turns) && losses.length === 0
    ? [{ code: 'L04', path: `turns.${turns.length - 1}`, effect: 'approximated' }]
    : losses;
}

const endsInMidAnswer = (turns: readonly Turn[]): boolean => turns.at(-1)?.role === 'assistant';
