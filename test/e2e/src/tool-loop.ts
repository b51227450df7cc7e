import type { Answer, Conversation, Setting } from './conversations/conversation.js';

/** Orders a simulated model through four turns: two calls at once, one more, another, and a last word. */
const PROMPT = [
  'think: first the weather in both places',
  'call get_weather {"city":"Oslo"}',
  'call get_weather {"city":"Lima"}',
  'then',
  'think: now the time',
  'call get_time {"city":"Oslo"}',
  'then',
  'think: and once more',
  'call get_time {"city":"Lima"}',
  'then',
  'think: that is all',
  'say: all four are known',
].join('\n');

/** What each turn's calls are answered with. */
const RESULTS = [['sun', 'rain'], ['noon'], ['dusk']] as const;

/** Runs the loop with the first setting for two turns and with the second from the third turn on. */
export async function runToolLoop(
  conversation: Conversation,
  before: Setting,
  after: Setting,
): Promise<readonly Answer[]> {
  const answers = [await conversation.say(PROMPT, before)];
  for (const [turn, results] of RESULTS.entries())
    answers.push(await conversation.answerCalls(results, turn === 0 ? before : after));
  return answers;
}

/** The tools and cities of each turn's calls, as the prompt orders them. */
export const LOOP_CALLS = [['get_weather Oslo', 'get_weather Lima'], ['get_time Oslo'], ['get_time Lima'], []] as const;

export const callsOf = ({ calls }: Answer): readonly string[] =>
  calls.map(({ name, input }) => `${name} ${String((input as { city?: unknown }).city)}`);
