// Every metric of the proving ground, one import. All are pure functions of labels and scores or predictions, (n,).

export { countMarked, labelsOf, type Segment, segmentsOf } from '../segments.ts';
export { affiliation } from './affiliation.ts';
export { type AttributionScores, attributionScores, type ExplainedSegment } from './attribution.ts';
export { compositeF1 } from './composite.ts';
export { type EventMatch, type EventScores, eventScores, matchEvents } from './events.ts';
export { NAB_PROFILES, type NabFile, type NabProfile, nabOracle, nabRaw, nabScore } from './nab.ts';
export { flag, oracleF1, type PrecisionRecall, pointScores } from './point.ts';
export {
  oraclePointAdjusted,
  oraclePointAdjustedArea,
  pointAdjusted,
  pointAdjustedArea,
} from './point-adjust.ts';
export { type RangeOptions, rangeScores } from './range.ts';
export { aucPr, aucRoc } from './ranking.ts';
export { type Vus, vus } from './vus.ts';
export { windowLength } from './window-length.ts';
