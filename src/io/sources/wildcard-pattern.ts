/** Source of a regular expression that matches `text` as it stands, where a * becomes `any`. */
export function wildcardSource(text: string, any: string): string {
  return text.split('*').map(literalSource).join(any);
}

/** Source of a regular expression that matches nothing but `text`. */
export function literalSource(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
