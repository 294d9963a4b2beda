// Where the time of CPUs goes. Every tick of every CPU belongs to exactly one account.

export const accountNames = [
  "user",
  "kernel",
  "walk",
  "tracker",
  "irq_off",
  "handler",
  "spin",
  "idle",
  "wakeup",
  "preempted",
  "tick",
] as const;

export type AccountName = (typeof accountNames)[number];

/** Index of each account in a CPU's row. */
export const account: Readonly<Record<AccountName, number>> = Object.fromEntries(
  accountNames.map((name, index) => [name, index]),
) as Record<AccountName, number>;

export const accounts: number = accountNames.length;
