// table-columns: the columns of a table of the catalogue, as a query can name them.

import type { CatalogTable } from "../../glue/catalog";
import { hiveType, type Type, varchar } from "../dialect/types";
import { queryError } from "../query-error";

export interface TableColumn {
  readonly name: string;
  readonly type: Type;
  readonly partition?: true;
  readonly hidden?: true;
}

/** What a query can name, in the order of `*`: columns, partition keys, and behind them "$path". */
export function columnsOf(table: CatalogTable): readonly TableColumn[] {
  const typed = ({ name, type: text }: { readonly name: string; readonly type: string }) => {
    const type = hiveType(text);
    if (type === undefined)
      throw queryError(
        "NOT_SUPPORTED",
        `Column ${name} of table ${table.name} has the type ${text}, which is not imitated here`,
      );
    return { name: name.toLowerCase(), type };
  };
  return [
    ...table.columns.map(typed),
    ...table.partitionKeys.map((key) => ({ ...typed(key), partition: true as const })),
    { name: "$path", type: varchar, hidden: true },
  ];
}
