// A stream as the page shows it. Times are Unix milliseconds: the browser knows the reader's time zone.
import type { Control, StreamInfo } from '../../../core/control.ts';
import type { StreamHealth } from '../../../core/health.ts';
import { round } from '../../../io/text/alert-payload.ts';
import { isSilent } from '../../commands/health-check.ts';
import { promiseText } from '../../models/promise-text.ts';

/** `starting` = there is a model, and no window yet. */
export type Phase = 'learning' | 'starting' | 'watching' | 'silent';

export interface StreamView {
  readonly id: string;
  readonly phase: Phase;
  readonly channels: number;
  readonly intervalMs: number;
  readonly model: StreamInfo['model'];
  readonly score: number | null;
  readonly lastMs: number | null;
  readonly silentS: number | null;
  readonly silencedUntilMs: number | null;
  readonly maintenance: string | null;
  readonly drift: StreamHealth['drift'] | null;
  /** How often it expects to be wrong, in words; null = it does not say. */
  readonly promise: string | null;
  readonly learning: StreamHealth['learning'] | null;
  readonly training: StreamHealth['training'] | null;
}

export function streamViews(control: Pick<Control, 'info' | 'health' | 'standing'>): StreamView[] {
  const health = new Map(control.health().streams.map((stream) => [stream.id, stream]));
  return control.info().streams.map((info) => {
    const { silencedUntilMs, maintenance } = control.standing(info.id);
    const known = health.get(info.id);
    return {
      id: info.id,
      phase: phaseOf(info, known),
      channels: info.channels.length,
      intervalMs: info.intervalMs,
      model: info.model,
      score: known ? rounded(known.score) : null,
      lastMs: known?.lastMs ?? null,
      silentS: known ? rounded(known.silentS) : null,
      silencedUntilMs,
      maintenance,
      drift: known?.drift ?? null,
      promise: known?.promise ? promiseText(known.promise) : null,
      learning: known?.learning ?? null,
      training: known?.training ?? null,
    };
  });
}

function phaseOf({ model, intervalMs }: StreamInfo, health: StreamHealth | undefined): Phase {
  if (!model) return 'learning';
  if (!health) return 'starting';
  if (isSilent(health, intervalMs / 1000)) return 'silent';
  return health.lastMs === null ? 'starting' : 'watching';
}

function rounded(value: number | null): number | null {
  return value === null ? null : round(value);
}
