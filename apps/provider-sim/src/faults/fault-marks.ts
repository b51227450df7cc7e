const MODEL_MARK = '+fault:';
const PROMPT_MARK = /[ \t]*\[\[fault:([^\]]*)\]\]/g;
/** A mark for one of the calls that follow a create: `[[fault poll: status=503 times=2]]`. */
const STEP_MARK = /\[\[fault (poll|asset|cancel|list):([^\]]*)\]\]/g;
/** A mark that has a line to itself goes with its line. */
const MARKED_LINE = /^[ \t]*\[\[fault:[^\]]*\]\][ \t]*\n/gm;

export interface MarkedModel {
  /** The model's name as the vendor knows it. */
  readonly name: string;
  readonly faults: string | undefined;
}

/** Splits `claude-sonnet-4-6+fault:status=529` into the model and the faults asked for. */
export const splitModel = (model: string): MarkedModel => {
  const at = model.indexOf(MODEL_MARK);
  if (at < 0) return { name: model, faults: undefined };
  return { name: model.slice(0, at), faults: model.slice(at + MODEL_MARK.length) };
};

/** The faults a prompt asks for with `[[fault: ...]]`, several marks joined; undefined when there is none. */
export const faultsInPrompt = (prompt: string): string | undefined => {
  if (!prompt.includes('[[fault:')) return undefined;
  return Array.from(prompt.matchAll(PROMPT_MARK), (match) => match[1] ?? '').join(';');
};

/** The prompt without its fault marks, so that an echo does not repeat them. */
export const withoutFaultMarks = (prompt: string): string =>
  prompt.includes('[[fault:') ? prompt.replace(MARKED_LINE, '').replace(PROMPT_MARK, '') : prompt;

/** The faults a prompt asks for at one of the calls that follow it, several marks joined; undefined when there is none. */
export const faultsAtStep = (prompt: string, step: string): string | undefined => {
  const asked = Array.from(prompt.matchAll(STEP_MARK)).filter(([, at]) => at === step);
  return asked.length === 0 ? undefined : asked.map(([, , faults]) => faults ?? '').join(';');
};
