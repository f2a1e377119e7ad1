import type { DesignPoint } from '../design-point.ts';
import type { ModelTensor } from '../model.ts';

/** What leads from a layer to one of equal width, were it written out: nothing changes on the way. */
export function wideningsOf({ layers }: DesignPoint): Readonly<Record<string, ModelTensor>> {
  const entries = layers.slice(1).flatMap(({ hidden }, i): [string, ModelTensor][] => {
    if (layers[i]?.hidden !== hidden) return [];
    const data = Float32Array.from({ length: hidden ** 2 }, (_, at) =>
      Number(at % (hidden + 1) === 0),
    );
    const name = `layer${i + 2}.widen`;
    return [
      [`${name}.weights`, { shape: [hidden, hidden], data }],
      [`${name}.bias`, { shape: [hidden], data: new Float32Array(hidden) }],
    ];
  });
  return Object.fromEntries(entries);
}
