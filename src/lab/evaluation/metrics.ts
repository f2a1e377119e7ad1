// All metrics of result rows and the demo, for one import. All are pure functions of labels and scores or predictions, (n,).
export { affiliation } from './affiliation.ts';
export {
  type AttributionScores,
  attributionScores,
  type ExplainedSegment,
  meanOf,
  rowScores,
} from './attribution.ts';
export { compositeF1, matchEvents } from './events.ts';
export { NAB_PROFILES, nabOracle, nabRaw, nabScore } from './nab.ts';
export {
  catchableUntil,
  LATE_ROWS,
  matchOpenings,
  type OpeningMatch,
  openingRows,
} from './openings.ts';
export { oracleF1, pointScores } from './point.ts';
export { oraclePointAdjusted, oraclePointAdjustedArea } from './point-adjust.ts';
export { rangeScores } from './range.ts';
export { aucPr, aucRoc } from './ranking.ts';
export { vus } from './vus.ts';
export { windowLength } from './window-length.ts';
