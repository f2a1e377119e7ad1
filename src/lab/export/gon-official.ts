import {
  gonOfficial as detector,
  OFFICIAL_WINDOW,
  officialShape,
} from '../../detectors/gon-official/gon-official.ts';
import { discriminatorGraph } from './discriminator-graph.ts';
import type { Exporter } from './exporter.ts';

export const gonOfficial: Exporter = {
  kind: detector.kind,
  graphs(model) {
    const width = model.channels.length;
    const graph = discriminatorGraph(model, {
      name: 'discriminator',
      description: `Logit of the discriminator for windows of ${OFFICIAL_WINDOW} rows by ${width} channels, oldest row first, scaled.`,
      shape: officialShape(width),
      prefix: 'd',
    });
    return [graph];
  },
};
