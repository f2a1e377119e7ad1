import { brokerOptions, riskOf } from '../../io/mqtt/options.ts';
import { optionsOf } from './choice.ts';
import type { Config } from './schema.ts';

/** What a configuration may say, but nobody should say unawares; a line each. */
export function risksOf({ broker, sinks }: Pick<Config, 'broker' | 'sinks'>): readonly string[] {
  // those of a sink were checked by its schema: what does not fit here is the option of another kind
  const own = sinks.map((sink) => {
    const { broker: named } = optionsOf(sink) as { readonly broker?: unknown };
    return brokerOptions.safeParse(named).data;
  });
  return [...new Set([broker, ...own].flatMap((found) => (found && riskOf(found)) ?? []))];
}
