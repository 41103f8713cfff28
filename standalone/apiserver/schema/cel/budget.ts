// Bounds what rules may cost: a hostile object must not keep the server busy.

/** Steps of comprehensions that the rules of one object may take together; a step takes about a microsecond. */
export const maxSteps = 1_000_000;

export interface Budget {
  left: number;
}

class BudgetExceeded extends Error {
  override readonly name = "BudgetExceeded";
}

export function spend(budget: Budget): void {
  budget.left -= 1;
  if (budget.left < 0) throw new BudgetExceeded("cost budget exceeded");
}
