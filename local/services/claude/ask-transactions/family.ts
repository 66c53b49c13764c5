// family: what the offline model understands, in words for whoever has asked for something else.

/** The questions, by example; each is one of its tests. */
export const family =
  "Offline I understand English questions made of: a measure (revenue, amount, quantity or units, number of transactions, returns, discount, " +
  "average revenue per transaction, stock); by or per day, weekday, week, month, quarter, year, product, category, currency or seller; " +
  'top, bottom, best or worst N ("top 5 products by revenue", "which product sold most"); a category, product, currency or seller ' +
  '("in category Kitchen", "of product \\"Garden Bench\\"", "in EUR"); and a period ("in June 2026", "between 2026-05-01 and 2026-05-31", ' +
  '"since March", "last 30 days", "this month", "last year", "yesterday").';
