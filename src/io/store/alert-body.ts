// Alerts as the database holds them: JSON that a failing card, or another program, may have altered since.
import { z } from 'zod';
import type { Alert } from '../../core/alert.ts';

/** JSON has no NaN and no infinity: `addAlert` writes both as null. */
const figure = z.number().nullable();

/** Whatever else a newer program wrote stays. */
const body = z.looseObject({
  id: z.string(),
  kind: z.string(),
  streamId: z.string(),
  state: z.enum(['opened', 'updated', 'closed']),
  severity: z.enum(['info', 'warning', 'critical']),
  timeMs: z.number(),
  startMs: z.number(),
  endMs: figure,
  score: figure,
  peak: figure,
  level: figure,
  channels: z.array(
    z.looseObject({
      id: z.string(),
      unit: z.string(),
      share: figure,
      value: figure,
      expected: figure,
    }),
  ),
  modelId: z.string(),
  imputed: figure,
});

/** undefined for what is no alert, or no longer one. */
export function readAlert(text: string): Alert | undefined {
  try {
    const found: unknown = JSON.parse(text);
    return body.safeParse(found).success ? (found as Alert) : undefined; // just checked
  } catch {
    return undefined; // no JSON
  }
}
