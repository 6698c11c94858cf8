/**
 * The sign test: how likely so lopsided a split of wins and losses is where each is as likely as the other. Two-sided,
 * exact; ties are left out before. It assumes only that the pairs are independent. 1 for no pairs.
 */
export function signTest(wins: number, losses: number): number {
  const pairs = wins + losses;
  let tail = 0;
  for (let count = 0; count <= Math.min(wins, losses); count++) tail += chooseOf(pairs, count);
  return Math.min(1, (2 * tail) / 2 ** pairs);
}

function chooseOf(pairs: number, count: number): number {
  let ways = 1;
  for (let index = 1; index <= count; index++) ways = (ways * (pairs - count + index)) / index;
  return ways;
}
