/** What injected faults are looked up by: the model as the caller wrote it, and the text of the last user message. */
export interface Subject {
  readonly model: string;
  readonly prompt: string;
}

/** The calls in the life of a render: ordered, looked at, listed with others, called off, fetched. */
export type Step = 'create' | 'poll' | 'list' | 'cancel' | 'asset';
