// by-user: what is asked for several users at once, done for one after the other: a transaction sees one user's rows only.

/** Answers in the order of `all`, however they lie apart. */
export async function byUser<Asked extends { readonly user_id: string }, Answer>(
  all: readonly Asked[],
  work: (userId: string, own: readonly Asked[]) => Promise<readonly Answer[]>,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const userId of new Set(all.map(({ user_id }) => user_id))) {
    const places = all.flatMap(({ user_id }, place) => (user_id === userId ? [place] : []));
    const own = await work(
      userId,
      all.filter(({ user_id }) => user_id === userId),
    );
    for (const [index, answer] of own.entries()) answers[places[index] ?? 0] = answer;
  }
  return answers;
}
