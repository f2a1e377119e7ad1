// A simulation as one self-contained HTML page: facts, Gantt chart, roofline, use of units, stalls, and energy.
import { linearAxis, logAxis } from '../../lab/plots/axes.ts';
import {
  axisText,
  factsTable,
  REPORT_STYLE,
  scrolled,
  wideTable,
} from '../../lab/plots/report-style.ts';
import { escaped } from '../../lab/plots/svg.ts';
import { memoryBitsPerCycle } from '../../lab/simulator/accelerator.ts';
import { peakOpsPerS } from '../../lab/simulator/hardware.ts';
import { CLOCK_HZ } from '../../lab/simulator/modules.ts';
import type { TimelineEntry } from '../../lab/simulator/simulate.ts';
import type { SimulationFile } from './simulation-file.ts';
import { factsOf, joules, modulesOf, ordersOf, stallsOf, usesOf } from './simulation-text.ts';

const STYLE = `${REPORT_STYLE}
.work{fill:var(--accent)}.move{fill:var(--pale)}.waits{fill:var(--alarm)}.roof{stroke:var(--ink);fill:none;stroke-width:1.5}`;

export function simulationPage(file: SimulationFile): string {
  const { network, accelerator, mode, windows, simulation, orders } = file;
  const title = `${network} on ${accelerator.name}`;
  const energies = simulation.energy.operations.map((one) => ({
    name: one.kind,
    value: one.dynamicJ,
  }));
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title><style>${STYLE}</style></head><body><main>
<h1>${escaped(title)} <small>${mode}, ${windows} windows together; simulated, not measured</small></h1>
${factsTable(factsOf(file))}
<h2>What works when</h2>
<p><small>Dark: work and stores. Pale: transfers of main memory. Point at a bar for its name and cycles.</small></p>
${scrolled(gantt(simulation.timeline, simulation.cycles), 'What works when')}
<h2>Roofline</h2>
<p><small>Multiplications a second by multiplications for each bit of main memory; the line is what the accelerator could do.</small></p>
${scrolled(roofline(file), 'Roofline')}
<h2>Use of units</h2>
${numbers(usesOf(file))}
<h2>Stalls</h2>
${numbers(stallsOf(file))}
<h2>Energy by operation</h2>
${scrolled(bars(energies), 'Energy by operation')}
<h2>Energy by module</h2>
${scrolled(bars(simulation.energy.modules.map((one) => ({ name: one.module, value: one.dynamicJ + (one.leakageJ ?? 0) }))), 'Energy by module')}
${numbers(modulesOf(simulation.energy.modules))}
${orders ? `<h2>Orders of the loops</h2>\n${numbers(ordersOf(orders))}` : ''}
</main></body></html>
`;
}

const WIDTH = 1000;
const LEFT = 150;
const ROW = 26;

/** A row for each kind of unit; bars that are less than a tenth of a pixel are still drawn. */
function gantt(timeline: readonly TimelineEntry[], cycles: number): string {
  const units = [...new Set(timeline.map(({ unit }) => unit))];
  const height = ROW * units.length + 34;
  const axis = linearAxis([0, Math.max(1, cycles)], [LEFT, WIDTH - 10], 8);
  const bars = timeline.map(({ name, kind, unit, begin, end }) => {
    const x = axis.at(begin);
    const width = Math.max(0.3, axis.at(end) - x);
    const look = unit === 'memory' ? 'move' : 'work';
    const says = `${name}, ${kind}: ${begin} to ${end}`;
    return `<rect class="${look}" x="${x.toFixed(2)}" y="${ROW * units.indexOf(unit) + 4}" width="${width.toFixed(2)}" height="${ROW - 8}"><title>${escaped(says)}</title></rect>`;
  });
  const names = units.map((unit, row) => axisText(LEFT - 8, ROW * row + 18, unit, 'end'));
  const ticks = axis.ticks.map(({ at, text }) => axisText(at, height - 8, text, 'middle'));
  return svg(height, [...bars, ...names, ...ticks, axisText(8, height - 8, 'cycles', 'start')]);
}

function roofline({ simulation, accelerator }: SimulationFile): string {
  const { macs, use, latencyS } = simulation;
  const bits = Math.max(1, use.memory.busy * memoryBitsPerCycle(accelerator));
  const perS = peakOpsPerS(accelerator) / 2;
  const bandwidth = memoryBitsPerCycle(accelerator) * CLOCK_HZ;
  const [here, reached] = [Math.max(1e-3, macs.issued / bits), Math.max(1, macs.issued / latencyS)];
  const ridge = perS / bandwidth;
  const [low, high] = [Math.min(here, ridge) / 10, Math.max(here, ridge) * 10];
  const height = 260;
  const x = logAxis([low, high], [LEFT, WIDTH - 20], 6);
  const y = logAxis([Math.min(reached, low * bandwidth), perS * 2], [height - 30, 12], 5);
  const roof = [
    `M${x.at(low).toFixed(1)} ${y.at(low * bandwidth).toFixed(1)}`,
    `L${x.at(ridge).toFixed(1)} ${y.at(perS).toFixed(1)}L${x.at(high).toFixed(1)} ${y.at(perS).toFixed(1)}`,
  ].join('');
  return svg(height, [
    `<path class="roof" d="${roof}"/>`,
    `<circle class="waits" r="5" cx="${x.at(here).toFixed(1)}" cy="${y.at(reached).toFixed(1)}"><title>${((100 * reached) / Math.min(perS, here * bandwidth)).toFixed(1)} % of what it could do</title></circle>`,
    ...x.ticks.map(({ at, text }) => axisText(at, height - 8, text, 'middle')),
    ...y.ticks.map(({ at, text }) => axisText(LEFT - 8, at + 4, text, 'end')),
  ]);
}

function bars(parts: readonly { readonly name: string; readonly value: number }[]): string {
  const most = Math.max(...parts.map(({ value }) => value), Number.MIN_VALUE);
  const all = [...parts].sort((a, b) => b.value - a.value);
  const drawn = all.flatMap(({ name, value }, row) => {
    const width = ((WIDTH - LEFT - 130) * value) / most;
    return [
      axisText(LEFT - 8, ROW * row + 18, name, 'end'),
      `<rect class="work" x="${LEFT}" y="${ROW * row + 5}" width="${width.toFixed(1)}" height="${ROW - 10}"/>`,
      axisText(LEFT + width + 8, ROW * row + 18, joules(value), 'start'),
    ];
  });
  return svg(ROW * all.length + 6, drawn);
}

function svg(height: number, elements: readonly string[]): string {
  return `<svg viewBox="0 0 ${WIDTH} ${height}" role="img">${elements.join('\n')}</svg>`;
}

/** Names in the first column, numbers in the others. */
function numbers(rows: readonly (readonly string[])[]): string {
  return wideTable(rows, (column) => column > 0);
}
