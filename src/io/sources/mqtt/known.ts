/** No home has more: somebody publishes under another name each time. */
export const MOST_KNOWN = 5000;

/** Sets the value of what is known already, or is not one too many; else changes nothing and says false. */
export function setKnown<Value>(known: Map<string, Value>, name: string, value: Value): boolean {
  if (known.size >= MOST_KNOWN && !known.has(name)) return false;
  known.set(name, value);
  return true;
}
