// Every metric of the proving ground, one import. All are pure functions of labels and scores or predictions, (n,).
export { type EventMatch, type EventScores, eventScores, matchEvents } from './events.ts';
export { flag, oracleF1, type PrecisionRecall, pointScores } from './point.ts';
export { aucPr, aucRoc } from './ranking.ts';
export { countMarked, labelsOf, type Segment, segmentsOf } from './segments.ts';
export { type Vus, vus } from './vus.ts';
export { windowLength } from './window-length.ts';
