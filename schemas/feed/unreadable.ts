// unreadable: why the value of a column is not taken, for its seller; continues the column's name.

export interface Unreadable {
  readonly reason: string;
}
