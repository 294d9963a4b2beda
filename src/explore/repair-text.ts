// The sentence that names the single changes after which an unsafe policy is safe.

export function repairText(repairs: readonly string[]): string {
  return repairs.length > 0
    ? `Repaired by any one of: ${repairs.join("; ")}.`
    : "No single barrier repairs it.";
}
