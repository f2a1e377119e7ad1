// An alert in words.
import { listed, moment, score, span } from './words.js';

const KINDS = {
  anomaly: 'unusual',
  data_missing: 'no readings',
  stuck: 'stuck',
  stream_failed: 'not watched, the stream failed',
  storage: 'the history cannot be written',
};

/** `marks` are the decisions of people: `acknowledged`, `normal`. */
export function alertWords(alert, marks) {
  const open = alert.event_type !== 'closed';
  return {
    severity: severityOf(alert, open, marks),
    look: open && !marks.normal ? alert.severity : 'muted',
    title: titleOf(alert),
    when: whenOf(alert, open),
    peak: alert.kind === 'anomaly' ? `peak ${score(alert.peak)}` : '',
    note: noteOf(alert, marks),
    normal: marks.normal ? 'This was not normal' : 'This was normal',
    mayAck: open && !marks.acknowledged,
  };
}

function severityOf({ severity }, open, { acknowledged }) {
  if (!open) return 'ended';
  return acknowledged ? `${severity}, acknowledged` : severity;
}

function titleOf({ kind, stream, attribution }) {
  const names = listed(attribution.map(({ channel }) => channel));
  return [`${stream}: ${KINDS[kind] ?? kind}`, names].filter(Boolean).join(', ');
}

function whenOf({ start, duration_s }, open) {
  const began = moment(Date.parse(start));
  return open ? `since ${began}` : `${began}, for ${span(duration_s)}`;
}

function noteOf({ silenced, imputed, model }, { acknowledged, normal }) {
  const said = [
    acknowledged && 'Acknowledged.',
    normal && 'Called normal: alerts like it are not sent.',
    silenced && 'Not sent.',
    imputed > 0 && `${Math.round(100 * imputed)} % of its window was filled in.`,
    model !== '' && `Model ${model.slice(0, 8)}.`,
  ];
  return said.filter(Boolean).join(' ');
}
