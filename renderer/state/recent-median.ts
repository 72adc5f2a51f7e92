/** A figure that one slow moment does not move. */

const KEPT = 21;
const FEWEST = 3;

/** Takes values one by one and gives the median of the latest 21; null until there are three. */
export function recentMedian(): (value: number) => number | null {
  const latest: number[] = [];
  return (value) => {
    latest.push(value);
    if (latest.length > KEPT) latest.shift();
    return latest.length < FEWEST ? null : (latest.toSorted((a, b) => a - b)[latest.length >> 1] as number);
  };
}
