import type { Alert } from '../../core/alert.ts';
import type { ScoreReport } from '../../core/sink.ts';
import type { Kernels } from '../../engine/discriminator-kernels.ts';
import type { Dispatcher } from '../alerts/dispatcher.ts';
import type { ComposedStages, Decision } from '../compose/compose.ts';
import type { DaemonControl } from '../control/daemon-control.ts';
import type { Log } from '../log.ts';
import type { Pulse } from './pulse.ts';

/**
 * Puts something beside the stages of a stream that follows its scores. `decide` makes what turns scores into alerts, for so many
 * false alarms a day.
 */
export type Beside = (
  stages: ComposedStages,
  stream: { readonly decide: (falseAlarmsPerDay: number) => Decision; readonly intervalMs: number },
) => ComposedStages;

/** What a stream needs of the daemon around it. */
export interface Watch {
  readonly dispatcher: Pick<
    Dispatcher,
    | 'save'
    | 'report'
    | 'openAlerts'
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
      | 'normalHeight'
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
  /** Absent = nothing. */
  readonly beside?: Beside;
  /** Whether times can be relied on. */
  readonly clockIsSet: () => boolean;
  readonly signal: AbortSignal;
  readonly onReport: (report: ScoreReport) => void;
  readonly onAlert: (alert: Alert) => void;
}
