// The daemon and its streams as the page shows them. Times are Unix milliseconds: the browser knows the time zone.
import type { Control, StreamInfo } from '../../../core/control.ts';
import {
  type LearningProgress,
  learningProgress,
  type StreamHealth,
} from '../../../core/health.ts';
import { round } from '../../../io/text/alert-payload.ts';
import { isSilent, problemsOf } from '../../commands/daemon.ts';
import { promiseText } from '../../models/promise-text.ts';

export interface DaemonView {
  readonly node: string;
  readonly version: string;
  readonly uptimeS: number;
  readonly rssBytes: number;
  /** Alert states that wait for a sink. */
  readonly waiting: number;
  readonly dropped: number;
  /** What is wrong, a line each. */
  readonly problems: readonly string[];
  readonly streams: readonly StreamView[];
}

/** `fleetFault` is why the other devices cannot be read; undefined = they can, or web.fleet is off. */
export function daemonView(
  control: Pick<Control, 'info' | 'health' | 'standing'>,
  fleetFault?: string,
): DaemonView {
  const info = control.info();
  const health = control.health();
  return {
    node: info.node,
    version: info.version,
    uptimeS: health.uptimeS,
    rssBytes: health.rssBytes,
    waiting: Object.values(health.waiting).reduce((sum, count) => sum + count, 0),
    dropped: health.dropped,
    problems: [
      ...problemsOf(health, info),
      ...(fleetFault === undefined ? [] : [`the other devices cannot be read: ${fleetFault}`]),
    ],
    streams: streamViews(control),
  };
}

/** `starting` = there is a model, and no window yet. */
type Phase = 'learning' | 'starting' | 'watching' | 'silent';

interface StreamView {
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
  /** `calm`: so far all rows are; else some were not, and it learns longer. */
  readonly learning: (LearningProgress & { readonly calm: boolean }) | null;
  readonly training: StreamHealth['training'] | null;
  /** It opens no alert while the daemon trains, and a moment after. */
  readonly disturbed: boolean;
}

function streamViews(control: Pick<Control, 'info' | 'health' | 'standing'>): StreamView[] {
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
      learning: learningOf(known, info.intervalMs),
      training: known?.training ?? null,
      disturbed: known?.disturbed ?? false,
    };
  });
}

function learningOf(health: StreamHealth | undefined, intervalMs: number): StreamView['learning'] {
  if (!health?.learning) return null;
  const { calmRows } = health.learning;
  return { ...learningProgress(health.learning, intervalMs), calm: calmRows === null };
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
