import type { Alert } from '../../core/alert.ts';
import type { ScoreReport } from '../../core/sink.ts';
import type { Kernels } from '../../engine/discriminator-kernels.ts';
import type { Dispatcher } from '../alerts/dispatcher.ts';
import type { ComposedStages, Decision } from '../compose/compose.ts';
import type { DaemonControl } from '../control/daemon-control.ts';
import type { Log } from '../log.ts';
import type { Pulse } from './pulse.ts';

/**
 * Adds an observer of the scores to the stages of a stream. `decide` makes threshold and alert policy for a number of false
 * alarms a day.
 */
export type Beside = (
  stages: ComposedStages,
  stream: { readonly decide: (falseAlarmsPerDay: number) => Decision; readonly intervalMs: number },
) => ComposedStages;

/** The parts of the daemon that a stream uses. */
export interface Watch {
  readonly dispatcher: Pick<
    Dispatcher,
    | 'save'
    | 'report'
    | 'row'
    | 'openAlerts'
    | 'accepted'
    | 'streamsWithAlerts'
    | 'isSaved'
    | 'exclusions'
    | 'mostRows'
    | 'keepRows'
    | 'rowsOf'
  > & {
    readonly daemonControl: Pick<
      DaemonControl,
      | 'isQuiet'
      | 'keptBack'
      | 'follow'
      | 'falseAlarmsPerDay'
      | 'learning'
      | 'watching'
      | 'ended'
      | 'retrainings'
      | 'problems'
    >;
  };
  readonly kernels: Kernels;
  readonly log: Log;
  readonly pulse: Pulse;
  /** Absent = no observer. */
  readonly beside?: Beside;
  /** Whether the clock is set. */
  readonly clockIsSet: () => boolean;
  readonly signal: AbortSignal;
  readonly onReport: (report: ScoreReport) => void;
  readonly onAlert: (alert: Alert) => void;
}
