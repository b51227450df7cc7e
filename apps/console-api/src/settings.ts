/** What the console API was configured with, as a token of its own so that Nest can hand it out. */
export class ConsoleApiSettings {
  constructor(
    readonly pepper: string,
    readonly now: () => number,
  ) {}
}
