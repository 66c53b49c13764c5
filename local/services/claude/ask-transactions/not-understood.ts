// not-understood: what a question says that the offline model cannot follow.

export const notUnderstood = (reason: string): Error => Object.assign(new Error(reason), { name: "NotUnderstood" });
