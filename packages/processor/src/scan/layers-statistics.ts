import type { StreamStatistics } from '@rawreel/rtp';

/**
 * What became of a dump's packets, all layers taken together.
 *
 * @param whole what following one source at a time has counted: to it the other layers were foreign
 */
export function layersStatistics(
  whole: Readonly<StreamStatistics>,
  layers: readonly Readonly<StreamStatistics>[],
): StreamStatistics {
  const sum = (key: keyof StreamStatistics) => layers.reduce((all, layer) => all + layer[key], 0);
  const received = sum('received');
  const recovered = sum('recovered');
  const recoveredByFec = sum('recoveredByFec');
  // What FEC rebuilt was no packet to anybody.
  const rebuilt = recoveredByFec - whole.recoveredByFec;
  const followed = received + recovered - rebuilt - whole.received - whole.recovered;
  return {
    ...whole,
    received,
    lost: sum('lost'),
    late: sum('late'),
    duplicate: sum('duplicate'),
    reordered: sum('reordered'),
    recovered,
    recoveredByFec,
    padding: sum('padding'),
    foreign: Math.max(0, whole.foreign - followed),
  };
}
