/** How many code points a text has: the unit of citation offsets in the hub, whatever its bytes or UTF-16 units. */
export function codePoints(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    // The second half of a pair adds nothing to the first.
    if (unit < 0xdc00 || unit > 0xdfff) count += 1;
  }
  return count;
}
