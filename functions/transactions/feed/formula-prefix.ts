// formula-prefix: what keeps a spreadsheet from running a cell as a formula: an apostrophe before it, where it begins
// with one of the characters that OWASP names (https://owasp.org/www-community/attacks/CSV_Injection). A cell that
// already looks like one with an apostrophe gets another one, so that taking it off gives the same text in every case.

export const withPrefix = (cell: string): string => (/^'*[=+\-@\t\r\n＝＋－＠]/.test(cell) ? `'${cell}` : cell);

export const withoutPrefix = (cell: string): string => (/^'+[=+\-@\t\r\n＝＋－＠]/.test(cell) ? cell.slice(1) : cell);
