import { type Finding, ok, warn } from '../finding.ts';

export interface Clock {
  /** undefined when nobody here knows. */
  readonly synchronised: boolean | undefined;
  readonly hasRtc: boolean;
}

export function checkClock({ synchronised, hasRtc }: Clock): Finding {
  if (synchronised === true) return ok('clock', 'synchronised');
  const without = hasRtc ? '' : ', and there is no battery clock: it is wrong after a power cut';
  const found =
    synchronised === false ? 'not synchronised' : 'nobody here tells whether it is synchronised';
  return warn('clock', `${found}${without}`, 'sudo timedatectl set-ntp true');
}
