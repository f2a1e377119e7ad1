// The daemon as the page shows it: how it is doing, and its streams.
import type { Control } from '../../../core/control.ts';
import { problemsOf } from '../../commands/health-check.ts';
import { type StreamView, streamViews } from './stream-view.ts';

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

/** `fleetFault` is why nothing is heard of other devices; undefined = they are heard, or nobody listens. */
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
      ...(fleetFault === undefined ? [] : [`no news of other devices: ${fleetFault}`]),
    ],
    streams: streamViews(control),
  };
}
