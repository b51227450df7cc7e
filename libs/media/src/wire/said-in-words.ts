/** What a wire has no field for and the model understands all the same, said behind the prompt. */
export function saidInWords(prompt: string, wishes: Readonly<Record<string, string | undefined>>): string {
  const said = Object.entries(wishes).flatMap(([what, wish]) => (wish === undefined ? [] : [`${what}: ${wish}.`]));
  return said.length === 0 ? prompt : `${prompt}\n\n${said.join(' ')}`;
}
