// formula-prefix: what keeps a spreadsheet from running a cell as a formula: an apostrophe before it, where it begins
// with one of the characters that OWASP names (https://owasp.org/www-community/attacks/CSV_Injection). A cell that
// already looks like one with an apostrophe gets another one, so that taking it off gives the same text in every case.

//
// A cell may begin in the middle of one of ours: where a list is separated by semicolons, spreadsheets cut there.

export const withPrefix = (cell: string): string =>
  cell.replaceAll(/(?<=^|[;\t\r\n] *)(?='*[=+\-@\t\r\n＝＋－＠])/g, "'");

export const withoutPrefix = (cell: string): string =>
  cell.replaceAll(/(?<=^|[;\t\r\n] *)'(?='*[=+\-@\t\r\n＝＋－＠])/g, "");
