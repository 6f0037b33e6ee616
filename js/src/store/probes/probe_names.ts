/**
 * The shortest names that still tell the probes of a study apart.
 *
 * "m.bert.encoder.layer.0" and "m.bert.encoder.layer.1" are "layer.0" and "layer.1": of the parts between dots the shortest run that
 * no other name has, a bare number only together with the part before it.
 */

export function shortProbeNames(probes: readonly string[]): string[] {
  const runs = probes.map((name) => runsOf(name.split(".")));
  const owners = new Map<string, number>();
  for (const own of runs) {
    for (const run of new Set(own)) owners.set(run, (owners.get(run) ?? 0) + 1);
  }
  return probes.map((name, i) => {
    const unique = (runs[i] ?? []).filter((run) => owners.get(run) === 1 && !isBareNumber(run));
    return unique.reduce((best, run) => (run.length < best.length ? run : best), name);
  });
}

/** All runs of parts that stand side by side. */
function runsOf(parts: readonly string[]): string[] {
  const runs: string[] = [];
  for (let from = 0; from < parts.length; from++) {
    for (let to = from + 1; to <= parts.length; to++) runs.push(parts.slice(from, to).join("."));
  }
  return runs;
}

function isBareNumber(run: string): boolean {
  return /^[\d.]*$/.test(run);
}
