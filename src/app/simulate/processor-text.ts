// A network on the processor of a profile, as tables of a terminal.
import { duration, short } from '../search/costs.ts';
import { textTable } from '../text-table.ts';
import { type HeldOut, type ProcessorSimulation, SURE } from './processor.ts';
import { percent } from './simulation-text.ts';

export function processorText(simulation: ProcessorSimulation): string {
  const { network, windows, device, latencyS, parts, measuredS } = simulation;
  const facts = [
    ['latency', duration(latencyS)],
    ...(windows > 1 ? [['a window', duration(latencyS / windows)]] : []),
    ...(measuredS === undefined
      ? []
      : [
          ['measured', `${duration(measuredS)}, ${signed(latencyS / windows / measuredS - 1)} off`],
        ]),
    ['held out', heldOutText(simulation.heldOut)],
    ...beyondText(parts),
  ];
  const rows = parts.map((part) => [
    ...[part.work, short(part.count), part.unit, duration(part.rateS), duration(part.latencyS)],
    latencyS > 0 ? `${((100 * part.latencyS) / latencyS).toFixed(1)} %` : '-',
  ]);
  return [
    `${network} on the processor of ${device}: inference, ${windows} ${windows === 1 ? 'window' : 'windows'} together; simulated by rates that were fitted to a profile`,
    textTable(facts, () => false),
    textTable([['work', 'count', 'of', 'rate', 'time', 'share'], ...rows], (column) =>
      [1, 3, 4, 5].includes(column),
    ),
  ]
    .join('\n\n')
    .concat('\n');
}

function heldOutText({ networks, spearman, medianError, isSure }: HeldOut): string {
  const found = `${networks} networks of the profile, each predicted without itself: Spearman ${spearman.toFixed(2)}, median error ${percent(medianError)}`;
  if (isSure) return found;
  return `${found}; less sure than ${SURE.spearman} and ${percent(SURE.medianError)}: profile more networks, on an idle machine`;
}

/** What the network has more of than any that was measured. */
function beyondText(parts: ProcessorSimulation['parts']): string[][] {
  const beyond = parts.filter(({ reach }) => reach > 1);
  if (beyond.length === 0) return [];
  const told = beyond.map(({ work, reach }) => `${short(reach)} times the ${work}`);
  return [
    ['beyond', `${told.join(', ')} of any network of the profile: the rates are extrapolated`],
  ];
}

function signed(share: number): string {
  return `${share > 0 ? '+' : ''}${percent(share)}`;
}
