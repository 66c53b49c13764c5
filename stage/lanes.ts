// lanes: one piece of work after another, a few at the same time.

/**
 * Does `work` for each item, at most `width` at once; gives the results in the items' order. After a failure no further item is
 * begun, those under way are waited for (one that went on would work in the next event), and one of the failures is thrown.
 */
export async function inLanes<Item, Result>(
  items: readonly Item[],
  width: number,
  work: (item: Item, lane: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const lane = async (number: number) => {
    try {
      for (let index = next++; index < items.length; index = next++) {
        results[index] = await work(items[index] as Item, number);
      }
    } finally {
      // The end of one lane is either the end of all items or a failure.
      next = items.length;
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: width }, (_, number) => lane(number)));
  const failed = ended.find(({ status }) => status === "rejected");
  if (failed?.status === "rejected") throw failed.reason;
  return results;
}
